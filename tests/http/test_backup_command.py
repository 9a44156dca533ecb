"""`kyozai backup` and `kyozai restore`: everything of one moment, and back into an empty place."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from server.commands.backup import command as backup
from server.commands.restore import command as restore
from server.record.seals import seal_now
from server.record.standing import differing
from server.storage import tables
from server.storage.backup import LEFT_OUT, counted, restore_backup, write_backup
from server.storage.engine import open_engine, reading
from server.storage.schema import is_current
from tests.builders.course import package, small_course
from tests.builders.databases import PostgreSQL
from tests.builders.site import Site
from tests.builders.staff import noon

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def office(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """With one of most things, and a session that must not come to life again."""
    monkeypatch.setenv("KYOZAI_DATA", str(site.settings.data))
    monkeypatch.setenv("KYOZAI_SECRET_KEY", "k" * 32)
    monkeypatch.chdir(tmp_path)
    site.publishes(package(small_course(), tmp_path / "course"), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30)
    haru = site.staff.person("青海 はる", department="企画課")
    site.staff.completes(haru, "plain-words", on="2026-05-10")
    site.staff.is_exempt(haru, "ask-early", "2026-06-01")
    site.sign_in(haru)
    seal_now(site.engine, site.keys.current(), noon("2026-06-10"))
    return site


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    yield engine
    engine.dispose()


def kyozai_backup(*arguments: str) -> Result:
    return CliRunner().invoke(backup, arguments)


def kyozai_restore(*arguments: str) -> Result:
    return CliRunner().invoke(restore, arguments)


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in tables.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }


def test_what_is_restored_is_what_was_there(office: Site, empty: Engine) -> None:
    out = io.BytesIO()
    write_backup(office.engine, out, NOW)
    restore_backup(out, empty)
    assert is_current(empty)
    assert rows(empty) == rows(office.engine)


def test_a_backup_goes_into_either_kind_of_database(office: Site, postgresql: PostgreSQL) -> None:
    out = io.BytesIO()
    write_backup(office.engine, out, NOW)
    with postgresql.database() as url:
        engine = open_engine(url)
        restore_backup(out, engine)
        assert rows(engine) == rows(office.engine)
        engine.dispose()


def test_nobody_is_signed_in_after_a_restore(office: Site, empty: Engine) -> None:
    out = io.BytesIO()
    write_backup(office.engine, out, NOW)
    restore_backup(out, empty)
    with reading(empty) as connection:
        assert connection.execute(select(tables.web_session)).all() == []


def test_a_backup_is_of_one_moment_while_others_write(office: Site, empty: Engine) -> None:
    """Each person comes with a posting and a course of states: none is there without them."""
    stop = Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            office.staff.person("新田 そら", number=f"w{number}")

    writer = Thread(target=write)
    writer.start()
    try:
        out = io.BytesIO()
        write_backup(office.engine, out, NOW)
    finally:
        stop.set()
        writer.join()
    restore_backup(out, empty)
    with reading(empty) as connection:
        details = set(connection.scalars(select(tables.person_details.c.person_id)))
        people = set(connection.scalars(select(tables.person.c.id)))
    assert details == people


def test_the_command_writes_and_brings_back(office: Site, tmp_path: Path, empty: Engine) -> None:
    made = kyozai_backup("kyozai.backup")
    assert made.exit_code == 0, made.output
    assert "暗号化していません。" in made.output
    assert (tmp_path / "kyozai.backup").stat().st_mode & 0o077 == 0
    result = CliRunner().invoke(
        restore, ["kyozai.backup"], env={"KYOZAI_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    )
    assert result.exit_code == 0, result.output
    engine = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    assert rows(engine) == rows(office.engine)
    engine.dispose()


def test_a_drill_compares_and_leaves_nothing(office: Site) -> None:
    kyozai_backup("kyozai.backup")
    result = kyozai_restore("--drill", "kyozai.backup")
    assert result.exit_code == 0, result.output
    assert "行の数、封印、受講状態は、どれも合っています。" in result.output
    assert "秒で戻せました" in result.output


def test_a_place_that_is_not_empty_is_left_alone(office: Site) -> None:
    kyozai_backup("kyozai.backup")
    before = rows(office.engine)
    result = kyozai_restore("kyozai.backup")
    assert result.exit_code == 1
    assert "戻す先が空ではありません。" in result.stderr
    assert rows(office.engine) == before


def test_with_a_key_nothing_can_be_read_without_the_other(
    office: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = kyozai_backup("--new-key", "backup.key")
    monkeypatch.setenv("KYOZAI_BACKUP_RECIPIENT", key.output.split('"')[1])
    kyozai_backup("kyozai.backup")
    data = (tmp_path / "kyozai.backup").read_bytes()
    assert data.startswith(b"age-encryption.org/v1")
    assert "青海".encode() not in data
    assert "--key" in kyozai_restore("--drill", "kyozai.backup").stderr
    opened = kyozai_restore("--drill", "--key", "backup.key", "kyozai.backup")
    assert opened.exit_code == 0, opened.output


def test_the_key_of_another_backup_is_said(
    office: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYOZAI_BACKUP_RECIPIENT", kyozai_backup("--new-key", "one.key").output.split('"')[1])
    kyozai_backup("--new-key", "other.key")
    kyozai_backup("kyozai.backup")
    assert "この鍵では読めません。" in kyozai_restore("--drill", "--key", "other.key", "kyozai.backup").stderr
    (tmp_path / "no.key").write_text("nonsense")
    assert "秘密鍵のファイルではありません" in (
        kyozai_restore("--drill", "--key", "no.key", "kyozai.backup").stderr
    )


def test_a_recipient_that_is_none_is_said_and_nothing_is_written(
    office: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYOZAI_BACKUP_RECIPIENT", "age1nonsense")
    result = kyozai_backup("kyozai.backup")
    assert "age の公開鍵（age1…）ではありません" in result.stderr
    assert not (tmp_path / "kyozai.backup").exists()


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def altered(path: Path, how: str) -> None:
    data = path.read_bytes()
    if how == "cut off":
        path.write_bytes(data[: len(data) // 2])
    elif how == "nonsense":
        path.write_text("nonsense")
    else:
        members = {
            info.filename: zipfile.ZipFile(path).read(info) for info in zipfile.ZipFile(path).infolist()
        }
        manifest = json.loads(members["manifest.json"])
        if how == "a row changed":
            members["entry.jsonl"] = members["entry.jsonl"].replace(b"plain-words", b"ask-early")
        elif how == "a table missing":
            del members["completion.jsonl"]
        elif how == "a newer schema":
            manifest["schema"] = "9999"
        elif how == "a newer form":
            manifest["format"] = 2
        members["manifest.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("cut off", "控えではないか、途中で切れています。"),
        ("nonsense", "控えではないか、途中で切れています。"),
        ("a row changed", "壊れています（表 entry）。"),
        ("a table missing", "壊れています（表 completion）。"),
        ("a newer schema", "新しい版の Kyozai の控えです。"),
        ("a newer form", "新しい版の Kyozai の控えです。"),
    ],
)
def test_a_bad_backup_is_said_and_nothing_is_restored(
    office: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, said: str
) -> None:
    kyozai_backup("kyozai.backup")
    altered(tmp_path / "kyozai.backup", how)
    monkeypatch.setenv("KYOZAI_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    for _ in range(2):  # after the first failure the place is still empty
        result = kyozai_restore("kyozai.backup")
        assert result.exit_code == 1
        assert said in result.stderr


def test_a_backup_that_is_killed_leaves_the_old_one_whole(office: Site, tmp_path: Path) -> None:
    for number in range(30):
        office.staff.person("新田 そら", number=f"k{number}")
    old = tmp_path / "kyozai.backup"
    old.write_text("the old one")
    kyozai = Path(sys.executable).parent / "kyozai"
    process = subprocess.Popen([kyozai, "backup", old], env=os.environ)
    while process.poll() is None and not list(tmp_path.glob(".kyozai.backup-*")):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.returncode == -signal.SIGKILL
    assert old.read_text() == "the old one"


def test_an_older_backup_is_brought_to_the_newest_schema(office: Site, tmp_path: Path, empty: Engine) -> None:
    made_by_an_older_version(tmp_path / "kyozai.backup")
    with (tmp_path / "kyozai.backup").open("rb") as file:
        restore_backup(file, empty)
    assert is_current(empty)
    with reading(empty) as connection:
        assert counted(connection)["completion"] == 1


def test_what_an_older_version_did_not_keep_of_states_is_made_anew(
    office: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by_an_older_version(tmp_path / "kyozai.backup")
    monkeypatch.setenv("KYOZAI_DATABASE_URL", f"sqlite:///{tmp_path / 'anew.db'}")
    result = kyozai_restore("kyozai.backup")
    assert result.exit_code == 0, result.output
    engine = open_engine(f"sqlite:///{tmp_path / 'anew.db'}")
    with reading(engine) as connection:
        assert counted(connection)["tally"] > 0
        assert differing(connection, list(connection.scalars(select(tables.person.c.id)))) == []
    engine.dispose()


def made_by_an_older_version(file: Path) -> None:
    """Which knew neither closed reports nor what was due."""
    kyozai_backup(str(file))
    members = members_of(file)
    manifest = json.loads(members["manifest.json"])
    manifest["schema"] = "0011"
    for name in ("closed_report", "duty", "tally"):
        del members[f"{name}.jsonl"], manifest["tables"][name]
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
