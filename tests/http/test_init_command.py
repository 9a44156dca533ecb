"""`kyozai init` and `kyozai admin invite`: from an empty folder to the first people."""

import re
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from server.app import create_app
from server.commands import admin, init
from server.record.facts import policies
from server.rules.facts import Policy
from server.settings import Settings
from server.storage import tables
from server.storage.engine import open_engine, reading
from server.storage.schema import is_current
from server.web import clock
from server.web.database import EXTENSION
from tests.builders.databases import PostgreSQL
from tests.builders.site import enrols
from tests.builders.staff import day, noon
from tests.http.pages import flask_client

CHIEF = ("--number", "00001", "--name", "管理 太郎", "--reading", "カンリ タロウ")
HANAKO = ("invite", "00002", "人事 花子", "ジンジ ハナコ", "--role", "hr")
LINK = re.compile(r"http\S+/activate/[A-Z0-9-]+")
PASSWORD = "umi-to-kamome-27"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    with clock.fixed(noon("2026-11-24")):
        yield tmp_path


@pytest.fixture
def engine(empty_folder: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{empty_folder / '.kyozai' / 'kyozai.db'}")
    yield engine
    engine.dispose()


def kyozai_init(*options: str, answers: str = "") -> Result:
    return CliRunner().invoke(init.command, options, input=answers)


def kyozai_admin(*options: str) -> Result:
    return CliRunner().invoke(admin.command, options)


def link_of(result: Result) -> str:
    assert result.exit_code == 0, result.output
    (link,) = LINK.findall(result.stdout)
    return str(link)


def set_password_and_enter(link: str, number: str) -> str:
    """The path of the page behind the sign-in."""
    app = create_app(Settings())
    client = flask_client(app, "http://127.0.0.1:8000")
    client.get(link)
    client.submit("activate", password=PASSWORD, again=PASSWORD)
    client.submit("sign-in", number=number, password=PASSWORD)
    enrols(client)
    app.extensions[EXTENSION].dispose()
    return client.shown.path


def roles(engine: Engine) -> dict[str, set[str]]:
    role, details = tables.account_role, tables.person_details
    found: dict[str, set[str]] = {}
    with reading(engine) as connection:
        query = select(details.c.number, role.c.role).join(role, role.c.person_id == details.c.person_id)
        for row in connection.execute(query):
            found.setdefault(row.number, set()).add(row.role)
    return found


def test_an_empty_folder_becomes_a_server_with_an_administrator(engine: Engine) -> None:
    result = kyozai_init("--organisation", "見本局", "--contact", "人事課", "--yes", *CHIEF)

    assert is_current(engine)
    assert roles(engine) == {"00001": {"administrator"}}
    assert set_password_and_enter(link_of(result), "00001") == "/accounts"


def test_what_is_not_given_is_asked(engine: Engine) -> None:
    answers = ["見本局", "http://127.0.0.1:9000", "人事課", "00001", "管理 太郎", "カンリ タロウ"]
    result = kyozai_init(answers="\n".join(answers) + "\n")
    settings = tomllib.loads(Path("kyozai.toml").read_text(encoding="utf-8"))

    assert link_of(result).startswith("http://127.0.0.1:9000/activate/")
    assert (settings["organisation"], settings["contact"]) == ("見本局", "人事課")


def test_settings_and_database_are_their_owners_alone() -> None:
    kyozai_init("--yes", *CHIEF)
    modes = {
        path: stat.S_IMODE(Path(path).stat().st_mode)
        for path in ("kyozai.toml", ".kyozai", ".kyozai/kyozai.db")
    }

    assert modes == {"kyozai.toml": 0o600, ".kyozai": 0o700, ".kyozai/kyozai.db": 0o600}


def test_quotation_marks_in_a_name_do_no_harm() -> None:
    name = 'a "quoted" \\ name'
    kyozai_init("--yes", *CHIEF, "--organisation", name)

    assert Settings().organisation == name


def test_everybody_has_thirty_days_from_arrival(engine: Engine) -> None:
    kyozai_init("--yes", *CHIEF)
    with reading(engine) as connection:
        assert policies(connection) == (Policy(day("2026-11-24"), days=30),)


def test_the_days_can_be_chosen(engine: Engine) -> None:
    kyozai_init("--yes", *CHIEF, "--policy-days", "60")
    with reading(engine) as connection:
        assert policies(connection)[0].days == 60


def test_a_second_time_harms_nothing_and_says_so(engine: Engine) -> None:
    kyozai_init("--yes", *CHIEF)
    before = Path("kyozai.toml").read_text(encoding="utf-8")
    result = kyozai_init("--yes", *CHIEF, "--organisation", "別の局", "--policy-days", "90")
    with reading(engine) as connection:
        kept = policies(connection)

    assert result.exit_code == 0
    assert LINK.findall(result.stdout) == []
    assert result.stdout.splitlines() == [
        "設定 kyozai.toml はすでにあります。そのまま使います。",
        "データベースはすでにあります。記録はそのままです。",
        "封印の鍵はすでにあります。",
        "受講方針はすでにあります。",
        "管理者はすでにいます。リンクは kyozai admin invite --new-link で出し直せます。",
    ]
    assert Path("kyozai.toml").read_text(encoding="utf-8") == before
    assert [policy.days for policy in kept] == [30]


def test_yes_without_an_administrator_is_wrong_usage() -> None:
    result = kyozai_init("--yes")

    assert result.exit_code == 2
    assert "--number" in result.output


def test_a_url_that_is_none_is_named() -> None:
    result = kyozai_init("--yes", *CHIEF, "--url", "kyozai.example.jp")

    assert result.exit_code == 1
    assert "設定 url" in result.stderr
    assert not Path("kyozai.toml").exists()


def test_hr_is_invited_and_lands_on_the_records(engine: Engine) -> None:
    kyozai_init("--yes", *CHIEF)

    assert set_password_and_enter(link_of(kyozai_admin(*HANAKO)), "00002") == "/hr/people"


def test_somebody_known_gets_the_role_and_keeps_the_password(engine: Engine) -> None:
    kyozai_init("--yes", *CHIEF)
    kyozai_admin(*HANAKO)
    result = kyozai_admin(*HANAKO[:-1], "administrator")

    assert result.exit_code == 0
    assert LINK.findall(result.stdout) == []
    assert "--new-link" in result.stdout
    assert roles(engine)["00002"] == {"hr", "administrator"}


def test_a_new_link_is_made_when_it_is_asked_for(engine: Engine) -> None:
    kyozai_init("--yes", *CHIEF)
    earlier = link_of(kyozai_admin(*HANAKO))
    newer = link_of(kyozai_admin(*HANAKO, "--new-link"))

    assert newer != earlier
    assert set_password_and_enter(newer, "00002") == "/hr/people"


def test_only_hr_and_administrators_are_invited_so() -> None:
    kyozai_init("--yes", *CHIEF)

    assert kyozai_admin(*HANAKO[:-1], "learner").exit_code == 2


def test_without_a_server_the_way_to_one_is_said() -> None:
    result = kyozai_admin(*HANAKO)

    assert result.exit_code == 1
    assert "kyozai init" in result.stderr


def test_another_database_is_written_into_the_settings_and_made_ready(postgresql: PostgreSQL) -> None:
    with postgresql.database() as url:
        result = kyozai_init("--yes", "--database-url", url, *CHIEF)

        assert "データベースを用意しました。" in result.stdout
        assert f'database_url = "{url}"' in Path("kyozai.toml").read_text("utf-8")
        assert "管理者はすでにいます" in kyozai_init().stdout


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    nobody = f"postgresql://postgres@/kyozai?host={tmp_path}"

    result = kyozai_init("--yes", "--database-url", nobody, *CHIEF)

    assert result.exit_code == 1
    assert "データベースにつながりません。設定 database_url を確かめてください" in result.stderr
    assert "Traceback" not in result.stderr
