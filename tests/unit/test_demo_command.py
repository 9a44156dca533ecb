"""`kyozai demo` makes its own database anew, and never touches people that it did not make."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server.commands.demo import DATABASE, demo_settings, empty_database
from server.demo.history import make_history
from server.record.standing import COURSE, differing, holds_on
from server.storage import tables
from server.storage.engine import open_engine, reading, writing
from tests.builders.package import real_course
from tests.builders.staff import Staff

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """demo_settings sets variables for the server's processes: not for the tests after this one."""
    for name in ("CONFIG", "DATA", "DATABASE_URL", "URL", "SECRET_KEY", "ORGANISATION", "DEMO"):
        monkeypatch.setenv(f"KYOZAI_{name}", "")


def test_a_database_with_real_people_is_left_alone_whatever_its_schema(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path, 8000)
    engine = empty_database(settings)
    Staff(engine).person("本物 さん")
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()

    with pytest.raises(SystemExit):
        empty_database(settings)

    engine = open_engine(f"sqlite:///{tmp_path / DATABASE}")
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(tables.person)) == 1
    engine.dispose()


def test_the_samples_cover_every_case_that_hr_meets(tmp_path: Path) -> None:
    engine = empty_database(demo_settings(tmp_path, 8000))
    make_history(engine, real_course(), TODAY)
    with reading(engine) as connection:
        standing = tables.standing
        on_day = select(standing.c.state).where(standing.c.module_id == COURSE, holds_on(TODAY))
        states = set(connection.scalars(on_day))
        people = list(connection.scalars(select(tables.person.c.id)))
        kinds = set(connection.scalars(select(tables.posting.c.kind)))
        moved = connection.scalar(select(func.max(tables.posting.c.first_day)))
        under_way = connection.scalar(
            select(func.count()).select_from(tables.attempt).where(tables.attempt.c.finished_at.is_(None))
        )
        heads = connection.scalars(select(tables.posting.c.id).where(tables.posting.c.is_head)).all()
        assert differing(connection, people) == []
    engine.dispose()
    assert len(people) == 60
    assert {"complete", "in-progress", "not-started", "overdue", "exempt", "not-required"} <= states
    assert kinds == {"main", "concurrent"}
    assert moved is not None
    assert moved <= TODAY
    assert under_way == 1
    assert len(heads) == 1


def test_the_same_day_gives_the_same_samples(tmp_path: Path) -> None:
    def made(folder: str) -> list[tuple[str, str]]:
        engine = empty_database(demo_settings(tmp_path / folder, 8000))
        make_history(engine, real_course(), TODAY)
        with reading(engine) as connection:
            standing, details = tables.standing, tables.person_details
            query = (
                select(details.c.number, standing.c.state)
                .join(standing, standing.c.person_id == details.c.person_id)
                .where(standing.c.module_id == COURSE, holds_on(TODAY))
                .order_by(details.c.number)
            )
            rows = [(number, state) for number, state in connection.execute(query)]
        engine.dispose()
        return rows

    assert made("one") == made("two")
