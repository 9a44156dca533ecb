"""An older database becomes a newer one, and nothing in it is lost."""

from datetime import date
from pathlib import Path

from sqlalchemy import text

from server.record.department_history import department_history
from server.storage.engine import open_engine, reading, writing
from server.storage.schema import is_current, upgrade
from tests.builders.site import empty_database


def test_departments_keep_their_codes_names_and_places(empty_url: str) -> None:
    engine = open_engine(empty_url)
    upgrade(engine, "0001")
    with writing(engine) as connection:
        for values in (("a", "01", "港湾局", None), ("b", "011", "総務課", "a")):
            connection.execute(
                text("INSERT INTO department (id, code, name, parent_id) VALUES (:i, :c, :n, :p)"),
                dict(zip("icnp", values, strict=True)),
            )
        connection.execute(
            text("INSERT INTO person (id, created_at, is_sample) VALUES ('p', '2026-04-01', false)")
        )
    assert not is_current(engine)

    upgrade(engine)

    assert is_current(engine)
    with reading(engine) as connection:
        history = department_history(connection)
    assert history.path("b", date(2026, 4, 1)) == "港湾局 総務課"
    assert history.named("b", date(2026, 4, 1)).code == "011"
    engine.dispose()


def test_the_record_is_still_refused_to_be_changed_after_every_migration(tmp_path: Path) -> None:
    engine = empty_database(f"sqlite:///{tmp_path / 'kyozai.db'}")

    with reading(engine) as connection:
        triggers = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    assert triggers == {
        "entry_no_update",
        "entry_no_delete",
        "posting_one_main_insert",
        "posting_one_main_update",
        "seal_no_update",
        "seal_no_delete",
        "sealed_entry_no_update",
        "sealed_entry_no_delete",
        "closed_report_no_update",
        "closed_report_no_delete",
    }
    engine.dispose()
