"""A build of pages, without the press: whole, again, and after one lesson changed."""

import shutil
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.courses import change_lesson, name, write_course, write_plain_pages
from tests.benchmarks.measuring import PYTHON, Contender, Goal, Line, Times, in_turns, line, process, seconds

FLOOR = str(Path(__file__).parent / "floors" / "build.py")
TURNS = {10: 5, 100: 5, 1_000: 3}
AGAINST_FLOOR = {100: Goal(1.5)}
AGAINST_MKDOCS = {100: Goal(0.6), 1_000: Goal(0.3)}
AGAIN = {1_000: Goal(0.05)}
ONE_LESSON = {1_000: Goal(0.15)}
GROWTH = Goal(11)


def build(*, small: bool) -> Iterator[Line]:
    full: dict[int, float] = {}
    for modules, turns in ({2: 1} if small else TURNS).items():
        with TemporaryDirectory() as folder:
            root = Path(folder)
            peer = {} if small else {"MkDocs": mkdocs(root, modules)}
            times = in_turns(ours(root, modules) | peer, turns)
        full[modules] = median(times["full"])
        yield from lines(modules, times)
    if 1_000 in full:
        growth, detail = full[1_000] / full[100], f"{seconds(full[1_000])} / {seconds(full[100])}"
        yield Line("full build, 1,000 modules against 100", growth, GROWTH, detail)


def mkdocs(folder: Path, modules: int) -> Contender:
    """It has no cache: whatever changed, it makes everything."""
    plain = write_plain_pages(folder / "plain", modules)
    return partial(process, PYTHON, "-m", "mkdocs", "build", "--quiet", "-f", str(plain / "mkdocs.yml"))


def ours(folder: Path, modules: int) -> dict[str, Contender]:
    root = write_course(folder / "course", modules)
    (folder / "floor").mkdir()
    turns = count(1)
    pages = partial(process, PYTHON, "-m", "tests.benchmarks.pages", "--course", str(root))

    def full() -> float:
        shutil.rmtree(root / ".kyozai", ignore_errors=True)
        shutil.rmtree(root / "dist", ignore_errors=True)
        return pages()

    def one_lesson() -> float:
        change_lesson(root / "modules" / name(modules // 2 + 1) / "lesson.md", next(turns))
        return pages()

    return {
        "floor": lambda: process(PYTHON, FLOOR, str(root), str(folder / "floor")),
        "full": full,
        "again": pages,
        "one lesson": one_lesson,
    }


def lines(modules: int, times: Times) -> Iterator[Line]:
    of = f"{modules:,} modules"
    yield line(f"full build, {of}, against the floor", times, "full", "floor", AGAINST_FLOOR.get(modules))
    yield line(f"nothing changed, {of}, against full", times, "again", "full", AGAIN.get(modules))
    yield line(
        f"one lesson changed, {of}, against full", times, "one lesson", "full", ONE_LESSON.get(modules)
    )
    if "MkDocs" in times:
        yield line(f"full build, {of}, against MkDocs", times, "full", "MkDocs", AGAINST_MKDOCS.get(modules))
        yield line(f"one lesson changed, {of}, against MkDocs", times, "one lesson", "MkDocs")
