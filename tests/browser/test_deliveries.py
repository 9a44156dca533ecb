"""Deliveries where they will run: each goes the whole way, and what was stored is one table."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pydantic import TypeAdapter

from builder.deliveries.data import longest_state, question_data, sizes
from builder.deliveries.limits import SCORM12_STATE
from builder.model.deliveries import Options
from builder.model.questions import Question
from builder.package import open_package
from server.demo.history import form_of
from tests.browser.inspections.axe import Seen, violations
from tests.builders.cmi5_system import launching
from tests.builders.course import package, small_course
from tests.builders.delivered import NPM, Player, served, unpacked
from tests.builders.learning_systems import Launched, System, beside, lms_page
from tests.builders.package import real_course

EXPECTED = json.loads((Path(__file__).parents[1] / "cases" / "deliveries.json").read_text("utf-8"))
GRADING = json.loads((Path(__file__).parents[1] / "cases" / "grading.json").read_text("utf-8"))
QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
NODE = Path(sys.executable).with_name("node")
NO_STATE_YET = "Failed to load resource: the server responded with a status of 404 (Not Found)"
"""How a browser logs that xAPI has nothing to give to whoever opens a course for the first time."""

MODULES = ["plain-words", "ask-early"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return package(small_course(), tmp_path_factory.mktemp("course"))


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture(params=["web", "scorm12", "scorm2004", "cmi5"])
def system(
    request: pytest.FixtureRequest, made: bytes, context: BrowserContext, tmp_path: Path
) -> Iterator[System | Launched]:
    form: str = request.param
    folder = unpacked(form, made, tmp_path, Options(one_unit=True))
    if form == "cmi5":
        with launching(folder) as launches:
            yield Launched(launches, context.new_page(), MODULES)
            assert launches.faults == []
        return
    if form == "web":
        beside(folder)
        yield System(form, (folder / "index.html").as_uri(), context.new_page(), MODULES)
        return
    with served(tmp_path) as url:
        yield System(form, f"{url}/{lms_page(form, tmp_path)}", context.new_page(), MODULES)


@pytest.fixture
def complaints(context: BrowserContext) -> list[str]:
    """What the browser, or the learning system, found wrong."""
    found: list[str] = []
    context.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: found.append(str(error.error)))
    return found


def test_each_goes_the_whole_way_and_stores_what_the_table_says(
    system: System | Launched, context: BrowserContext, made: bytes, complaints: list[str]
) -> None:
    stored: dict[str, Any] = {}
    player = launched(system, made)
    stored["opened"] = system.stored()

    player.opens_quiz("plain-words")
    player.answers(right=False)
    system.leaves(context)
    stored["left in the middle"] = system.stored()
    player = launched(system, made)

    player.opens_quiz("plain-words")
    expect(player.frame.locator("#asking h1")).to_have_text("設問 2 / 3")
    assert "届きませんでした" in player.finishes()
    stored["failed"] = system.stored()

    player.frame.locator("#retry").click()
    expect(player.frame.locator("#asking h1")).to_have_text("設問 1 / 1")
    stored["in the retry"] = system.stored()

    assert "修了しました" in player.finishes()
    stored["passed"] = system.stored()

    assert "修了しました" in player.takes("ask-early")
    stored["everything passed"] = system.stored()

    system.leaves(context)
    stored["closed without leaving"] = system.stored()
    assert stored == {step: forms[system.form] for step, forms in EXPECTED.items()}
    assert complaints == ([NO_STATE_YET] if system.form == "cmi5" else [])


def launched(system: System | Launched, made: bytes) -> Player:
    system.open()
    player = Player(system.page, made)
    player.is_shown()
    return player


def test_the_player_marks_as_the_server_does(chromium: Browser, made: bytes, tmp_path: Path) -> None:
    folder = unpacked("web", made, tmp_path)
    page = chromium.new_page()
    page.goto((folder / "ja" / "index.html").as_uri())
    page.add_script_tag(path=folder / "scripts" / "quiz.js")
    questions = {
        name: question_data(QUESTION.validate_json(json.dumps(question)))
        for name, question in GRADING["questions"].items()
    }
    for case in GRADING["cases"]:
        told = page.evaluate(
            """([question, form]) => {
                const parsed = Kyozai.quiz.parse(question, form);
                const right = parsed.reason || Kyozai.quiz.isRight(question, parsed.given);
                return parsed.reason ? parsed : { ...parsed, right };
            }""",
            [questions[case["question"]], case["form"]],
        )
        expected = {key: case[key] for key in ("reason", "given", "right") if key in case}
        assert told == expected, case["title"]
    page.close()


WORST = """
() => {
  const { course, state } = Kyozai;
  const worst = state.fresh(course, "ja");
  worst.seed = 36 * 36 - 1;
  course.modules.forEach((module) => {
    const kept = worst.modules[module.id];
    Object.keys(module.sections).forEach((section) => state.read(worst, module.id, section));
    kept.passed = { version: "99.99.99", at: 36 ** 7 - 1 };
    state.begin(course, worst, module.id);
  });
  return state.pack(course, worst);
}
"""


def test_no_state_is_longer_than_the_bound(chromium: Browser, tmp_path: Path) -> None:
    """Everything read, everything passed once, every quiz begun anew: nothing can be added."""
    data = real_course()
    page = chromium.new_page()
    page.goto((unpacked("scorm12", data, tmp_path) / "index.html").as_uri())
    packed = page.evaluate(WORST)
    manifest = open_package(data).manifest
    bound = longest_state(manifest.id, manifest.release, sizes(manifest))
    print(f"\nthe longest state of the real course: {len(packed)} of {bound} characters")
    assert len(packed) == bound
    assert bound <= SCORM12_STATE
    page.close()


def test_a_state_of_another_release_keeps_what_is_still_there(
    chromium: Browser, made: bytes, tmp_path: Path
) -> None:
    page = chromium.new_page()
    page.goto((unpacked("web", made, tmp_path) / "index.html").as_uri())
    told = page.evaluate(
        """() => {
            const { course, state } = Kyozai;
            const before = state.fresh(course, "en");
            const [first, second] = course.modules;
            state.begin(course, before, first.id);
            state.answer(course, before, first.id, state.current(before.modules[first.id].attempt), true, 1);
            before.modules[second.id].passed = { version: second.version, at: 5 };
            const packed = state.pack(course, before);
            const gone = first.objectives[1].questions.shift();
            delete first.questions[gone];
            second.version = "2.0.0";
            const after = state.unpack(course, packed);
            return {
                kept: Object.values(after.modules[first.id].attempt.answers),
                asked: after.modules[first.id].attempt.asked.length,
                asksTheGone: after.modules[first.id].attempt.asked.some((each) => each.question === gone),
                second: state.stateOf(second, after.modules[second.id]),
                language: after.language,
            };
        }"""
    )
    assert told == {
        "kept": [True],
        "asked": 3,
        "asksTheGone": False,
        "second": "update-due",
        "language": "en",
    }
    page.close()


def test_progress_moves_by_a_file(context: BrowserContext, made: bytes, tmp_path: Path) -> None:
    folder = unpacked("web", made, tmp_path)
    player = launched(System("web", (folder / "index.html").as_uri(), context.new_page(), MODULES), made)
    player.takes("ask-early")
    player.goes_home()
    player.frame.locator(".link-list a").last.click()
    with player.page.expect_download() as saving:
        player.frame.locator("#save-progress").click()
    saving.value.save_as(tmp_path / "progress.txt")
    player.page.evaluate("localStorage.clear()")

    other = launched(System("web", (folder / "index.html").as_uri(), context.new_page(), MODULES), made)
    other.frame.locator(".link-list a").last.click()
    other.frame.locator("#take-progress").set_input_files(tmp_path / "progress.txt")
    expect(other.frame.locator("#took")).to_have_text("読み込みました。")
    expect(other.frame.locator("tr[data-completion=ask-early]")).to_be_visible()


def test_where_the_browser_keeps_nothing_it_is_said_before_the_first_answer(
    chromium: Browser, made: bytes, tmp_path: Path
) -> None:
    page = chromium.new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    page.goto((unpacked("web", made, tmp_path) / "index.html").as_uri())
    player = Player(page, made)
    player.is_shown()
    expect(player.frame.locator("#keeps-nothing")).to_be_visible()
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_a_delivery_is_accessible(
    context: BrowserContext, made: bytes, tmp_path: Path, width: int
) -> None:
    folder = unpacked("web", made, tmp_path)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    player = launched(System("web", (folder / "index.html").as_uri(), page, MODULES), made)
    seen = Seen()
    faults = [*violations(player.frame, seen, "home")]
    player.opens_quiz("plain-words")
    faults += violations(player.frame, seen, "question")
    player.answers(right=False)
    faults += violations(player.frame, seen, "explanation")
    player.goes_on()
    player.finishes()
    faults += violations(player.frame, seen, "result")
    for place in ("modules/plain-words/index", "modules/plain-words/background", "glossary", "completions"):
        page.locator("#page").evaluate("(frame, place) => { frame.src = `ja/${place}.html`; }", place)
        player.frame.wait_for_url(f"**/ja/{place}.html")
        faults += violations(player.frame, seen, place)
    assert faults == []


def test_the_web_delivery_goes_the_whole_way_in_firefox(made: bytes, tmp_path: Path) -> None:
    firefox = shutil.which("firefox-esr")
    assert firefox, "Debian's firefox-esr is needed: see packages.apt"
    opened = open_package(made)
    forms = {
        question.id: {"right": form_of(question, right=True), "wrong": form_of(question, right=False)}
        for module in opened.manifest.modules
        for _, question in opened.quiz(module.id).questions()
    }
    (tmp_path / "answers.json").write_text(json.dumps(forms), "utf-8")
    folder = unpacked("web", made, tmp_path)
    done = subprocess.run(
        [str(NODE), "firefox.mjs", firefox, str(folder), str(tmp_path / "answers.json")],
        cwd=NPM.parent,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "first": "不正解",
        "next": "続きから：やさしい言葉で書こう の確認テスト",
        "resumed": "設問 2 / 3",
        "failed": "今回は、合格に届きませんでした：「やさしい言葉で書こう」",
        "retried": "設問 1 / 1",
        "passed": "合格：「やさしい言葉で書こう」を修了しました",
        "done": "1 / 2 モジュール修了",
    }


def test_what_could_not_be_saved_is_said_and_sent_again(
    context: BrowserContext, made: bytes, tmp_path: Path
) -> None:
    unpacked("scorm12", made, tmp_path)
    with served(tmp_path) as url:
        system = System("scorm12", f"{url}/{lms_page('scorm12', tmp_path)}", context.new_page(), MODULES)
        player = launched(system, made)
        system.page.evaluate("window.commits = API.LMSCommit; API.LMSCommit = () => 'false'")
        player.opens_quiz("plain-words")
        player.answers(right=True)
        expect(player.frame.locator("#not-saved")).to_be_visible()
        system.page.evaluate("API.LMSCommit = window.commits")
        expect(player.frame.locator("#not-saved")).to_be_hidden(timeout=15_000)
        stored = json.loads(system.page.evaluate("localStorage.getItem('stored')"))
        assert "+" in stored["cmi"]["suspend_data"]


def test_what_is_read_comes_back_and_so_does_the_language(
    context: BrowserContext, made: bytes, tmp_path: Path
) -> None:
    folder = unpacked("web", made, tmp_path)
    system = System("web", (folder / "index.html").as_uri(), context.new_page(), MODULES)
    beside(folder)
    player = launched(system, made)
    player.frame.locator("[data-module=plain-words] a").click()
    player.frame.locator("#to-lesson").click()
    player.frame.locator(".lesson__nav a").first.click()
    player.frame.locator(".site-header__tools a").click()
    expect(player.frame.locator(".site-header__tools a")).to_have_text("日本語")
    left_at = player.frame.url
    system.leaves(context)

    player = launched(system, made)
    assert "/en/" in player.frame.url
    player.frame.locator("#next-step").click()
    expect(player.frame.locator(".lesson")).to_be_visible()
    assert player.frame.url == left_at
