"""A new version of a module, as somebody sees it who completed an earlier one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.record.standing import states_of
from server.rules.state import State
from server.storage import tables
from server.storage.engine import reading
from server.web import clock
from tests.builders.learner import Learner
from tests.builders.package import ROOT, next_release, real_course
from tests.builders.site import Site
from tests.builders.staff import Person, noon
from tests.http.pages import PageClient, text_of

M, OTHER = "customer-view", "simple"
LESSON = "modules/01-customer-view/lesson.md"
CHANGES = f"/modules/{M}/changes"


@pytest.fixture(autouse=True)
def on_a_day_in_april() -> Iterator[None]:
    with clock.fixed(noon("2026-04-10")):
        yield


@pytest.fixture
def course(site: Site) -> Site:
    site.publishes(real_course(), on="2026-04-01")
    site.staff.policy(since="2026-04-01", days=30, grace_days=30)
    return site


@pytest.fixture
def person(course: Site) -> Person:
    """Completed the module on 5 April."""
    person = course.staff.person("青海 はる", since="2026-04-01")
    course.staff.completes(person, M, on="2026-04-05")
    return person


@pytest.fixture
def client(course: Site, person: Person) -> PageClient:
    return course.sign_in(person)


def publishes(course: Site, folder: Path, version: str, *edits: tuple[str, str]) -> None:
    """The module at this version, with edits of its lesson."""
    versioned = ("version: 1.0.0", f"version: {version}")
    package = next_release(folder / "next", version, {LESSON: [versioned, *edits]})
    course.publishes(package, on="2026-04-08")


def state(course: Site, person: Person, module: str = M) -> State:
    with reading(course.engine) as connection:
        return states_of(connection, person.id, noon("2026-04-10").date())[module].state


def confirmations(course: Site) -> list[tuple[str, str]]:
    with reading(course.engine) as connection:
        rows = connection.execute(select(tables.entry).where(tables.entry.c.kind == "confirmation"))
        return [(row.module_id, row.body["version"]) for row in rows]


# What each level means -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.0.1", State.COMPLETE), ("1.1.0", State.COMPLETE), ("2.0.0", State.UPDATE_DUE)],
    ids=["patch", "minor", "major"],
)
def test_a_release_moves_only_whom_its_level_says_and_only_for_its_module(
    course: Site, person: Person, tmp_path: Path, version: str, expected: State
) -> None:
    course.staff.completes(person, OTHER, on="2026-04-06")
    newcomer = course.staff.person("神田 なつき", since="2026-04-02")

    publishes(course, tmp_path, version)

    assert state(course, person) is expected
    assert state(course, person, OTHER) is State.COMPLETE
    assert state(course, newcomer) is State.NOT_STARTED


def test_a_patch_is_nothing_to_learners(course: Site, client: PageClient, tmp_path: Path) -> None:
    publishes(course, tmp_path, "1.0.1")

    assert "変わった" not in client.get("/").text
    assert "変わった" not in client.get(f"/modules/{M}").text


def test_a_renewal_leaves_the_earlier_completion_as_it_was(
    course: Site, person: Person, client: PageClient, tmp_path: Path
) -> None:
    before = completions(course)

    publishes(course, tmp_path, "2.0.0")
    Learner(client, course_package(course)).takes(M)

    assert completions(course)[: len(before)] == before
    assert len(completions(course)) == len(before) + 1


def completions(course: Site) -> list[dict[str, object]]:
    with reading(course.engine) as connection:
        rows = connection.execute(select(tables.completion).order_by(tables.completion.c.completed_at))
        return [dict(row._mapping) for row in rows]


def course_package(course: Site) -> bytes:
    """The newest."""
    with reading(course.engine) as connection:
        query = select(tables.release.c.package).order_by(tables.release.c.published_at.desc()).limit(1)
        return bytes(connection.scalars(query).one())


# Major ---------------------------------------------------------------------------------------------


def test_what_changed_stands_beside_what_was_completed(
    course: Site, client: PageClient, tmp_path: Path
) -> None:
    old = first_sentence()
    new = "今の版だけにある一文です。"
    publishes(course, tmp_path, "2.0.0", (old, new))

    client.get(f"/modules/{M}")
    page = client.get(CHANGES)

    assert "版 1.0.0 を修了しています。今の版は 2.0.0 です。" in page.text
    gone = "".join(text_of(element) for element in page.all("del"))
    come = "".join(text_of(element) for element in page.all("ins"))
    assert "（なくなった所）" in gone
    assert "（新しい所）" in come
    assert "今の版だけ" in come
    assert "期限 2026年5月8日（金）" in page.text


def first_sentence() -> str:
    """Of the lesson's first plain paragraph."""
    text = (ROOT / LESSON).read_text("utf-8").split("---\n", 2)[2]
    lines = [line for line in text.splitlines() if line and line[0] not in "#:!-|>{〔1<" and "。" in line]
    return lines[0].split("。")[0] + "。"


def test_sections_that_did_not_change_are_only_named(
    course: Site, client: PageClient, tmp_path: Path
) -> None:
    publishes(course, tmp_path, "2.0.0", (first_sentence(), "今の版だけにある一文です。"))

    page = client.get(CHANGES)

    assert "変わっていない節" in page.text
    assert len([h for h in page.all("h2") if "変わりました" in text_of(h)]) == 1


def test_whoever_completed_nothing_has_nothing_to_compare(
    course: Site, client: PageClient, tmp_path: Path
) -> None:
    publishes(course, tmp_path, "2.0.0")

    assert client.get(f"/modules/{OTHER}/changes", status=404).status == 404


def test_after_a_major_change_there_is_nothing_to_confirm(
    course: Site, client: PageClient, tmp_path: Path
) -> None:
    publishes(course, tmp_path, "2.0.0")

    assert "確認しました" not in client.get(CHANGES).text
    assert "確認テストへ" in client.get(CHANGES).text


# Minor ---------------------------------------------------------------------------------------------


def test_a_minor_change_is_read_and_confirmed_once(
    course: Site, person: Person, client: PageClient, tmp_path: Path
) -> None:
    publishes(course, tmp_path, "1.1.0", (first_sentence(), "今の版だけにある一文です。"))
    assert "修了した後に変わったモジュール" in client.get("/").text

    client.get(CHANGES)
    client.submit("confirm")

    assert "確認を記録しました" in client.shown.text
    assert confirmations(course) == [(M, "1.1.0")]
    assert "修了した後に変わったモジュール" not in client.get("/").text
    assert state(course, person) is State.COMPLETE


def test_a_form_sent_twice_confirms_once(course: Site, client: PageClient, tmp_path: Path) -> None:
    publishes(course, tmp_path, "1.1.0")
    form = client.get(CHANGES)
    client.submit("confirm")
    client.page = form

    client.submit("confirm")

    assert confirmations(course) == [(M, "1.1.0")]


def test_who_has_not_completed_the_module_is_asked_for_no_confirmation(course: Site, tmp_path: Path) -> None:
    newcomer = course.sign_in(course.staff.person("神田 なつき", since="2026-04-02"))
    publishes(course, tmp_path, "1.1.0")

    assert "変わった" not in newcomer.get("/").text


# Certificates --------------------------------------------------------------------------------------


def number_on(client: PageClient) -> str:
    client.get("/completions")
    client.get(client.shown.link("修了証：顧客視点でデザインしよう"))
    facts = [text_of(element) for element in client.shown.all("dd")]
    return facts[-1]


def test_anybody_can_check_a_certificate_by_its_number(course: Site, client: PageClient) -> None:
    number = number_on(client)

    page = course.client().get(f"/certificates?number={number.lower().replace('-', ' ')}")

    assert "記録があります。有効です" in page.text
    assert "1.0.0" in page.text
    assert "青海" not in page.text


def test_after_a_major_change_it_is_superseded_and_still_there(
    course: Site, client: PageClient, tmp_path: Path
) -> None:
    number = number_on(client)
    publishes(course, tmp_path, "2.0.0")

    assert "記録があります。前の版の修了です" in course.client().get(f"/certificates?number={number}").text
    assert "前の版の修了です" in client.get(client.shown.path).text


def test_a_number_that_nobody_has_is_said(course: Site) -> None:
    page = course.client().get("/certificates?number=0000-0000-0000", status=404)

    assert page.errors == ["この番号の修了証はありません。番号を見直してください。"]
