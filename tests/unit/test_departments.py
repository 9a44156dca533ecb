"""Departments by day: renamed, placed elsewhere, merged, split; and every day remembered as it was."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection

from server.people.persons import add_person
from server.record.department_history import department_history
from server.record.departments import (
    BEGINNING,
    DepartmentRefused,
    begin_department,
    department_with_code,
    end_department,
    find_or_begin,
    place_department,
    rename_department,
)
from server.record.postings import begin_posting, transfer
from server.storage.engine import writing
from tests.builders.site import empty_database
from tests.builders.staff import day, noon

AT = noon("2026-04-01")
SPRING, SUMMER = day("2026-04-01"), day("2026-07-01")


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = empty_database(database_url)
    with writing(engine) as connection:
        yield connection
    engine.dispose()


def begin(connection: Connection, code: str, name: str, under: str | None = None) -> str:
    return begin_department(connection, code, name, BEGINNING, parent_id=under, at=AT, actor="a test")


def names_on(connection: Connection, on: date) -> list[str]:
    return [department.path for department in department_history(connection).on(on).in_order]


def test_the_tree_of_a_day_names_everything_from_the_top_down(connection: Connection) -> None:
    bureau = begin(connection, "01", "港湾局")
    begin(connection, "012", "計画課", bureau)
    begin(connection, "011", "総務課", bureau)

    assert names_on(connection, SPRING) == ["港湾局", "港湾局 総務課", "港湾局 計画課"]


def test_a_rename_keeps_the_code_and_the_old_name_of_earlier_days(connection: Connection) -> None:
    section = begin(connection, "01", "情報課")

    rename_department(connection, section, "デジタル課", SUMMER, at=AT, actor="a test")

    assert names_on(connection, day("2026-06-30")) == ["情報課"]
    assert names_on(connection, SUMMER) == ["デジタル課"]
    assert department_with_code(connection, "01", SUMMER) == section


def test_what_stands_below_moves_along(connection: Connection) -> None:
    port, city = begin(connection, "01", "港湾局"), begin(connection, "02", "都市局")
    division = begin(connection, "03", "施設部", port)
    begin(connection, "04", "管理課", division)

    place_department(connection, division, city, SUMMER, at=AT, actor="a test")

    assert "港湾局 施設部 管理課" in names_on(connection, SPRING)
    assert "都市局 施設部 管理課" in names_on(connection, SUMMER)


def test_a_department_cannot_stand_under_itself(connection: Connection) -> None:
    bureau = begin(connection, "01", "港湾局")
    section = begin(connection, "02", "総務課", bureau)

    with pytest.raises(DepartmentRefused):
        place_department(connection, bureau, section, SUMMER, at=AT, actor="a test")


def test_a_merged_department_is_gone_and_still_has_its_name(connection: Connection) -> None:
    old, new = begin(connection, "01", "河川課"), begin(connection, "02", "水辺課")

    end_department(connection, old, day("2026-06-30"), successors=[new], at=AT, actor="a test")

    assert names_on(connection, day("2026-06-30")) == ["河川課", "水辺課"]
    assert names_on(connection, SUMMER) == ["水辺課"]
    assert department_history(connection).path(old, SUMMER) == "河川課"


def test_a_department_with_people_does_not_end(connection: Connection) -> None:
    old, new = begin(connection, "01", "河川課"), begin(connection, "02", "水辺課")
    person = add_person(connection, "1", "青海 はる", "オウミ ハル", at=AT)
    begin_posting(connection, person, old, SPRING, at=AT, actor="a test")

    with pytest.raises(DepartmentRefused):
        end_department(connection, old, day("2026-06-30"), successors=[new], at=AT, actor="a test")

    transfer(connection, person, new, SUMMER, at=AT, actor="a test")
    end_department(connection, old, day("2026-06-30"), successors=[new], at=AT, actor="a test")


def test_a_department_with_others_below_does_not_end(connection: Connection) -> None:
    bureau = begin(connection, "01", "港湾局")
    begin(connection, "02", "総務課", bureau)

    with pytest.raises(DepartmentRefused):
        end_department(connection, bureau, SUMMER, at=AT, actor="a test")


def test_a_code_names_one_department_a_day_and_may_be_used_again(connection: Connection) -> None:
    old = begin(connection, "01", "河川課")
    with pytest.raises(DepartmentRefused):
        begin(connection, "01", "水辺課")

    end_department(connection, old, day("2026-06-30"), at=AT, actor="a test")
    new = find_or_begin(connection, "01", "水辺課", SUMMER, at=AT, actor="a test")

    assert new != old
    assert names_on(connection, SPRING) == ["河川課"]
    assert names_on(connection, SUMMER) == ["水辺課"]


def test_nothing_is_changed_before_a_later_change(connection: Connection) -> None:
    section = begin(connection, "01", "情報課")
    rename_department(connection, section, "デジタル課", SUMMER, at=AT, actor="a test")

    with pytest.raises(DepartmentRefused):
        rename_department(connection, section, "電算課", SPRING, at=AT, actor="a test")


def test_a_second_change_on_the_same_day_takes_the_place_of_the_first(connection: Connection) -> None:
    section = begin(connection, "01", "情報課")
    for name in ("電算課", "デジタル課"):
        rename_department(connection, section, name, SUMMER, at=AT, actor="a test")

    assert names_on(connection, SUMMER) == ["デジタル課"]
    assert names_on(connection, SPRING) == ["情報課"]
