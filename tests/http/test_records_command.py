"""`kyozai records`: the page's bytes from the command line, and the states held against the rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select

from server.commands.records import command
from server.record.entries import append
from server.record.merging import merge_persons
from server.record.signing import PRIVATE
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Role
from tests.builders.course import package, small_course
from tests.builders.site import Site
from tests.builders.staff import Person, noon

JUNE = noon("2026-06-01")


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with clock.fixed(noon("2026-11-23")):
        yield


@pytest.fixture
def office(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("KYOZAI_DATA", str(site.settings.data))
    monkeypatch.setenv("KYOZAI_SECRET_KEY", "k" * 32)
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    return site


@pytest.fixture
def haru(office: Site) -> Person:
    haru = office.staff.person("青海 はる", department="企画課")
    office.staff.completes(haru, "plain-words", on="2026-05-10")
    return haru


def kyozai_records(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ((), ""),
        (("--as-of", "2026-05-09"), "?day=2026-05-09"),
        (
            ("--department", "企画課", "--state", "overdue,complete"),
            "?department=企画課&state=overdue,complete",
        ),
    ],
)
def test_the_command_writes_the_bytes_of_the_page(
    office: Site, haru: Person, options: tuple[str, ...], query: str
) -> None:
    office.staff.person("橋本 りく")
    hr = office.sign_in(office.staff.person("人事 花子", roles=(Role.HR,)))

    result = kyozai_records("export", *options)

    assert result.exit_code == 0
    assert result.stdout_bytes == hr.download(f"/hr/export/csv{query}").body


def test_a_file_is_put_in_its_place_when_it_is_whole(office: Site, haru: Person, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "records.csv").write_text("old")

    assert kyozai_records("export", "--output", str(folder / "records.csv")).exit_code == 0

    assert (folder / "records.csv").read_bytes() == kyozai_records("export").stdout_bytes
    assert [path.name for path in folder.iterdir()] == ["records.csv"]
    assert (folder / "records.csv").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_not_there_is_said(office: Site, haru: Person, tmp_path: Path) -> None:
    result = kyozai_records("export", "--output", str(tmp_path / "none" / "records.csv"))

    assert result.exit_code == 1
    assert "に書けません" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--as-of", "2026-11-24"), "基準日は今日までです"),
        (("--as-of", "yesterday"), "2026-04-01 の形"),
        (("--department", "99"), "この所属コードの所属はありません"),
        (("--state", "asleep"), "この受講状態はありません"),
    ],
)
def test_an_option_that_cannot_be_used_is_wrong_usage(
    office: Site, options: tuple[str, ...], message: str
) -> None:
    result = kyozai_records("export", *options)

    assert result.exit_code == 2
    assert options[0] in result.stderr
    assert message in result.stderr


def test_an_export_by_command_is_logged_too(office: Site, haru: Person) -> None:
    kyozai_records("export", "--department", "企画課")

    with reading(office.engine) as connection:
        (access,) = connection.execute(
            select(tables.access_log).where(tables.access_log.c.action == "records-exported")
        )
    assert access.actor == "kyozai records export"
    assert access.details["department"] == "企画課"
    assert access.details["account"]


def test_the_check_says_that_everybody_agrees(office: Site, haru: Person) -> None:
    result = kyozai_records("rebuild", "--check")

    assert (result.exit_code, result.stdout) == (0, "一致 1人、不一致 0人\n")


def test_the_check_finds_a_person_whose_states_differ(office: Site, haru: Person) -> None:
    office.staff.person("橋本 りく")
    forget_states(office, haru)

    result = kyozai_records("rebuild", "--check")

    assert (result.exit_code, result.stdout) == (1, "一致 1人、不一致 1人\n")
    assert haru.id in result.stderr


def test_a_rebuild_makes_the_states_anew(office: Site, haru: Person) -> None:
    forget_states(office, haru)

    assert kyozai_records("rebuild").exit_code == 0
    assert kyozai_records("rebuild", "--check").exit_code == 0


def forget_states(office: Site, person: Person) -> None:
    with writing(office.engine) as connection:
        connection.execute(delete(tables.standing).where(tables.standing.c.person_id == person.id))


# Seals ---------------------------------------------------------------------------------------------


def mark_of(result: Result) -> str:
    """The seal that a command printed."""
    return result.output.strip().rpartition(" ")[2]


def test_a_sealed_record_verifies(office: Site, haru: Person) -> None:
    sealed = kyozai_records("seal")
    verified = kyozai_records("verify", "--expect", mark_of(sealed))
    assert verified.exit_code == 0
    assert "まだ封印していない記録 0件" in verified.output
    assert "変えられたところはありません。" in verified.output


def test_what_was_tampered_with_is_named_and_the_exit_code_says_so(office: Site, haru: Person) -> None:
    kyozai_records("seal")
    payload = tables.entry_payload
    with writing(office.engine) as connection:
        entry_id = append(
            connection, "submitted", at=noon("2026-06-01"), actor="x", body={}, payload={"a": 1}
        )
    kyozai_records("seal")
    with writing(office.engine) as connection:
        connection.execute(delete(payload).where(payload.c.entry_id == entry_id))

    verified = kyozai_records("verify")

    assert verified.exit_code == 1
    assert f"封印 2 記録 {entry_id}：記録に付く中身（回答や理由）が、消去の記録なしに消えています。" in (
        verified.stderr
    )


def test_a_seal_that_is_not_of_this_record_is_said(office: Site) -> None:
    kyozai_records("seal")
    verified = kyozai_records("verify", "--expect", "7-" + "0" * 64)
    assert verified.exit_code == 1
    assert "封印 7：その封印は、この記録にありません。" in verified.stderr


def test_a_new_key_seals_first_with_the_old_one(office: Site, haru: Person) -> None:
    old = office.keys.current().id
    assert kyozai_records("new-key", "--yes").exit_code == 0
    assert office.keys.current().id != old
    assert kyozai_records("verify").exit_code == 0


def test_without_a_key_the_way_to_one_is_said(office: Site) -> None:
    (office.keys.path / PRIVATE).unlink()
    result = kyozai_records("seal")
    assert result.exit_code == 1
    assert "封印の鍵が" in result.stderr


# Erasure -------------------------------------------------------------------------------------------


def test_after_an_erasure_counts_and_seals_hold_and_the_name_is_gone(office: Site, haru: Person) -> None:
    office.staff.is_exempt(haru, "ask-early", "2026-06-01")
    sealed = kyozai_records("seal")
    before = kyozai_records("export").stdout

    erased = kyozai_records("erase", haru.number, "--yes")

    assert erased.exit_code == 0
    assert "消しました（記録に付く中身 1 件" in erased.output
    after = kyozai_records("export").stdout
    assert len(after.splitlines()) == len(before.splitlines())
    assert "青海" not in after
    assert "消去済み" in after
    assert kyozai_records("verify", "--expect", mark_of(sealed)).exit_code == 0
    assert kyozai_records("rebuild", "--check").exit_code == 0


def test_records_that_were_merged_into_the_one_are_erased_with_it(office: Site, haru: Person) -> None:
    old = office.staff.person("青海 晴", department=None)
    with writing(office.engine) as connection:
        merge_persons(connection, old.id, haru.id, reason="再採用", at=noon("2026-11-23"), actor="hr")

    kyozai_records("erase", haru.number, "--yes")

    with reading(office.engine) as connection:
        names = set(connection.scalars(select(tables.person_details.c.name)))
        assert connection.scalars(select(tables.entry_payload)).all() == []
    assert not any("青海" in name for name in names)


def test_whoever_was_erased_signs_in_no_more(office: Site, haru: Person) -> None:
    learner = office.sign_in(haru)
    kyozai_records("erase", haru.number, "--yes")
    assert learner.get("/").path.startswith("/sign-in")


def test_the_last_administrator_is_not_erased(office: Site) -> None:
    chief = office.staff.person("管理 太郎", roles=(Role.ADMINISTRATOR,), department=None)
    result = kyozai_records("erase", chief.number, "--yes")
    assert result.exit_code == 1
    assert "最後の管理者は消せません。" in result.stderr


def test_nobody_with_that_number_is_said(office: Site) -> None:
    assert "職員番号 404 の職員はいません。" in kyozai_records("erase", "404", "--yes").stderr
