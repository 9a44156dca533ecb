"""Runs a delivery of ours to its end without a browser: can a learner fail it, and can they complete it?

Its own scripts run, in V8, which gives them neither files nor network. Pages are not shown: `browser.js`
stands where a browser would, `systems.js` where a learning system would, `learner.js` answers.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files as resources

from py_mini_racer import JSEvalException, MiniRacer

from builder.language import N_
from builder.model.problem import Kind, Place, Problem

FRAME = "index.html"
DATA = "scripts/course.js"
OURS = (FRAME, DATA, "scripts/frame.js", "scripts/state.js", "scripts/quiz.js")
OWN = ("browser.js", "systems.js", "learner.js")
SCRIPT = re.compile(r'<script src="([^"]+)"')
QUIZ = re.compile(r"[a-z]+/modules/([^/]+)/quiz\.html")
QUESTIONS = re.compile(r'<script type="application/json" id="questions">(.*?)</script>', re.DOTALL)
MOST_SECONDS = 60
LONG_ENOUGH = 30
"""Seconds, for the engine to stop a script."""

MOST_BYTES = 512_000_000

ASK_AGAIN = N_("学習システムには入れません。作り直しても同じなら、知らせてください。")
STOPS = Kind(
    "delivery-run",
    "error",
    N_("最後まで動かそうとすると、プレーヤーが止まります（%(reason)s）。"),
    ASK_AGAIN,
)
NEVER_FAILED = Kind(
    "delivery-never-failed",
    "error",
    N_("「%(unit)s」は、すべて誤って答えても不合格になりません。"),
    ASK_AGAIN,
)
NEVER_COMPLETE = Kind(
    "delivery-never-complete",
    "error",
    N_("「%(unit)s」は、すべて正しく答えても修了になりません。"),
    ASK_AGAIN,
)


@dataclass(frozen=True)
class Unit:
    """What a learning system opens: `query` after the frame's address. `mastery`: of cmi5, from 0 to 1."""

    query: str = ""
    mastery: float | None = None


def is_ours(files: Mapping[str, bytes]) -> bool:
    """Whether there is our player in it: no other one can be asked to answer."""
    return all(path in files for path in OURS)


def run(files: Mapping[str, bytes], form: str, units: Sequence[Unit]) -> list[Problem]:
    """`form`: as `verify` names it. Each unit is failed first, then tried again and completed."""
    # in a thread of its own: else the engine would take over the event loop of whoever asks
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run, files, form, units).result()


def _run(files: Mapping[str, bytes], form: str, units: Sequence[Unit]) -> list[Problem]:
    engine = MiniRacer()
    try:
        _evaluate(engine, *map(_own, OWN), _text(files, DATA))
        scripts = [_text(files, path) for path in SCRIPT.findall(_text(files, FRAME)) if path != DATA]
        _evaluate(engine, f"const questions = {json.dumps(_questions(files))}")
        return [problem for unit in units for problem in _run_unit(engine, scripts, form, unit)]
    except (JSEvalException, KeyError, ValueError) as error:
        return [Problem(STOPS, Place(FRAME), {"reason": _first_line(error)})]
    finally:
        _close(engine)


def _run_unit(engine: MiniRacer, scripts: Sequence[str], form: str, unit: Unit) -> Iterator[Problem]:
    launch = f"{unit.query}&endpoint=e/&fetch=f&actor=%7B%7D&registration=r&activityId=a"
    _evaluate(
        engine,
        f"Run.open({json.dumps('?' + launch)})",
        f"var system = SYSTEMS[{json.dumps(form)}]({json.dumps(unit.mastery)})",
        *scripts,
        "answersEverything(questions, false)",
    )
    named = {"unit": unit.query.removeprefix("module=") or FRAME}
    if not engine.eval("Boolean(system.isFailed())"):
        yield Problem(NEVER_FAILED, Place(FRAME), named)
    _evaluate(engine, "answersEverything(questions, true)", "Run.leave()")
    if not engine.eval("Boolean(system.isComplete())"):
        yield Problem(NEVER_COMPLETE, Place(FRAME), named)


def _evaluate(engine: MiniRacer, *scripts: str) -> None:
    for script in scripts:
        # the value of a script is of no use, and not every one can be taken out
        engine.eval(f"{script}\n;undefined", timeout_sec=MOST_SECONDS, max_memory=MOST_BYTES)


def _close(engine: MiniRacer) -> None:
    """A script that was stopped still says so; another one after it makes sure that it has been heard."""
    with suppress(JSEvalException):
        engine.eval("0", timeout_sec=LONG_ENOUGH)
    engine.close()


def _questions(files: Mapping[str, bytes]) -> dict[str, object]:
    """Module → its questions, as its quiz page tells them."""
    found: dict[str, object] = {}
    for path in sorted(files):
        page = QUIZ.fullmatch(path)
        data = QUESTIONS.search(_text(files, path)) if page else None
        if page and data:
            found[page[1]] = json.loads(data[1])
    return found


def _own(name: str) -> str:
    return (resources("builder") / "deliveries" / "running" / name).read_text(encoding="utf-8")


def _text(files: Mapping[str, bytes], path: str) -> str:
    return files[path].decode("utf-8", "replace")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
