"""The cmi5 delivery, launched by a learning system that refuses what breaks the specification."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from builder.model.deliveries import Options
from tests.builders.cmi5_system import (
    ACTIVITY,
    ACTOR,
    CATEGORY,
    MASTERY,
    SESSION,
    VERBS,
    Cmi5System,
    Session,
    Statement,
    faults_of,
    launching,
    verb_of,
)
from tests.builders.course import package, small_course
from tests.builders.delivered import Player, unpacked
from tests.builders.served import wait_until
from tests.builders.statement_store import StatementStore, faults_by_ralph, storing

UNIT = "index.html?module=plain-words"
MASTERED = 0.6667


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return package(small_course(), tmp_path_factory.mktemp("course"))


@pytest.fixture
def system(made: bytes, tmp_path: Path) -> Iterator[Cmi5System]:
    with launching(unpacked("cmi5", made, tmp_path)) as system:
        yield system


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def launched(system: Cmi5System, context: BrowserContext, made: bytes, registration: str) -> Player:
    page = context.new_page()
    page.goto(system.launch(UNIT, ACTIVITY, registration, MASTERED))
    player = Player(page, made)
    expect(page.frame_locator("#page").locator("#to-quiz")).to_be_visible()
    return player


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StatementStore]:
    (tmp_path / "store").mkdir()
    with storing(tmp_path / "store") as store:
        yield store


def begins_quiz(player: Player) -> None:
    player.frame.locator("#to-quiz").click()
    player.frame.locator("#begin").click()
    expect(player.frame.locator("#asking")).to_be_visible()


def closes(player: Player, system: Cmi5System) -> None:
    player.page.close()
    wait_until(lambda: system.sessions[-1].verbs[-1:] == ["terminated"])


def test_a_unit_goes_the_whole_way(
    system: Cmi5System, store: StatementStore, context: BrowserContext, made: bytes
) -> None:
    registration = str(uuid4())
    player = launched(system, context, made, registration)
    begins_quiz(player)
    player.answers(right=False)
    closes(player, system)

    player = launched(system, context, made, registration)
    begins_quiz(player)
    expect(player.frame.locator("#asking h1")).to_have_text("設問 2 / 3")
    assert "届きませんでした" in player.finishes()
    player.frame.locator("#retry").click()
    expect(player.frame.locator("#asking h1")).to_have_text("設問 1 / 1")
    assert "修了しました" in player.finishes()
    closes(player, system)

    assert system.faults == []
    assert [session.verbs for session in system.sessions] == [
        ["initialized", "answered", "terminated"],
        ["initialized", "answered", "answered", "failed", "answered", "passed", "completed", "terminated"],
    ]
    assert [fault for statement in system.statements for fault in faults_by_ralph(statement)] == []
    assert store.takes(system.statements) == [statement["id"] for statement in system.statements]
    assert sorted(map(told_of, store.kept())) == sorted(map(told_of, system.statements))


def told_of(statement: Statement) -> str:
    """Without what the store adds."""
    return json.dumps({key: statement[key] for key in ("id", "verb", "object", "context")}, sort_keys=True)


def test_ralph_refuses_what_breaks_xapi() -> None:
    statement = passed()
    statement["result"]["duration"] = "three seconds"
    assert [fault.partition(":")[0] for fault in faults_by_ralph(statement)] == ["result.duration"]


def test_a_unit_that_was_passed_is_not_passed_again(
    system: Cmi5System, context: BrowserContext, made: bytes
) -> None:
    registration = str(uuid4())
    for _ in range(2):
        player = launched(system, context, made, registration)
        begins_quiz(player)
        player.finishes()
        closes(player, system)
    assert system.faults == []
    assert system.verbs(registration).count("passed") == 1


def test_a_unit_of_the_whole_course_is_passed_when_all_modules_are(
    context: BrowserContext, made: bytes, tmp_path: Path
) -> None:
    with launching(unpacked("cmi5", made, tmp_path, Options(one_unit=True))) as system:
        page = context.new_page()
        page.goto(system.launch("index.html", ACTIVITY, str(uuid4()), mastery=1.0))
        player = Player(page, made)
        player.is_shown()
        player.takes("plain-words", wrong=1)
        player.frame.locator("#retry").click()
        expect(player.frame.locator("#asking h1")).to_have_text("設問 1 / 1")
        player.finishes()
        assert "passed" not in system.sessions[-1].verbs
        player.takes("ask-early")
        closes(player, system)
    assert system.faults == []
    told = [verb for verb in system.sessions[-1].verbs if verb != "answered"]
    assert told == ["initialized", "failed", "passed", "completed", "terminated"]
    (failed,) = (each for each in system.statements if verb_of(each) == "failed")
    assert failed["result"]["score"]["scaled"] == 0


def test_another_registration_begins_anew(system: Cmi5System, context: BrowserContext, made: bytes) -> None:
    for _ in range(2):
        player = launched(system, context, made, str(uuid4()))
        expect(player.frame.locator("#to-quiz")).to_have_text("確認テスト")
        begins_quiz(player)
        player.finishes()
        closes(player, system)
    assert system.faults == []


# The learning system itself -------------------------------------------------------------------------

REGISTRATION = "6b3a0a55-1f0f-4f4c-9d52-0f3a2c7f0a11"


def session(*verbs: str) -> Session:
    return Session("session-1", ACTIVITY, REGISTRATION, MASTERED, None, list(verbs))


def passed() -> Statement:
    return {
        "id": "0d3c6a0e-6a56-4c4e-8a37-1f5f2b1f9c10",
        "timestamp": "2026-11-26T00:00:00Z",
        "actor": ACTOR,
        "verb": {"id": f"{VERBS}passed"},
        "object": {"id": ACTIVITY},
        "result": {"success": True, "duration": "PT3S", "score": {"scaled": 1.0}},
        "context": {
            "registration": REGISTRATION,
            "extensions": {SESSION: "session-1", MASTERY: MASTERED},
            "contextActivities": {
                "grouping": [{"id": "https://lms.example/courses/1"}],
                "category": [{"id": f"{CATEGORY}cmi5"}, {"id": f"{CATEGORY}moveon"}],
            },
        },
    }


def told(statement: Statement) -> None:
    statement["verb"] = {"id": f"{VERBS}told"}


BREAKS: dict[str, Callable[[Any], object]] = {
    "passed: id is no UUID": lambda it: it.update(id="1"),
    "passed: no timestamp": lambda it: it.pop("timestamp"),
    "passed: another actor": lambda it: it.update(actor={"name": "somebody"}),
    "passed: another registration": lambda it: it["context"].update(registration="other"),
    "passed: no session": lambda it: it["context"]["extensions"].pop(SESSION),
    "passed: the context of the launch is not kept": lambda it: it["context"]["contextActivities"].pop(
        "grouping"
    ),
    "passed: no cmi5 category": lambda it: it["context"]["contextActivities"]["category"].pop(0),
    "told: a cmi5 category": told,
    "passed: no moveon category": lambda it: it["context"]["contextActivities"]["category"].pop(1),
    "passed: no duration": lambda it: it["result"].pop("duration"),
    "passed: another activity": lambda it: it.update(object={"id": "https://lms.example/2"}),
    "passed: success is wrong": lambda it: it["result"].update(success=False),
    "passed: score against mastery": lambda it: it["result"].update(score={"scaled": 0.3}),
    "passed: no mastery score": lambda it: it["context"]["extensions"].pop(MASTERY),
}


def test_a_statement_as_it_should_be_is_taken() -> None:
    assert faults_of(passed(), session("initialized"), ["initialized"]) == []


@pytest.mark.parametrize("fault", BREAKS)
def test_a_statement_that_breaks_a_rule_is_refused(fault: str) -> None:
    statement = passed()
    BREAKS[fault](statement)
    assert fault in faults_of(statement, session("initialized"), ["initialized"])


@pytest.mark.parametrize(
    ("verbs", "before", "fault"),
    [
        ((), (), "passed: not initialized first"),
        (("initialized", "terminated"), (), "passed: after terminated"),
        (("initialized",), ("passed",), "passed: told twice"),
    ],
)
def test_a_statement_out_of_its_order_is_refused(
    verbs: tuple[str, ...], before: tuple[str, ...], fault: str
) -> None:
    assert fault in faults_of(passed(), session(*verbs), list(before))


def test_nothing_is_failed_after_it_was_passed() -> None:
    statement = passed() | {"verb": {"id": f"{VERBS}failed"}}
    assert "failed: failed after passed" in faults_of(statement, session("initialized"), ["passed"])
