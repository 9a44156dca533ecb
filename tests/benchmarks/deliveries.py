"""Each delivery from a finished build, against that build; and how they grow."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from builder.checks import check_folder
from builder.deliveries import DELIVERIES, common_files
from builder.deliveries.verification import verify
from builder.package import open_package
from builder.print.handout import handout
from builder.rendering.course import render_course
from tests.benchmarks.courses import write_course
from tests.benchmarks.measuring import PYTHON, Goal, Line, in_turns, line, process, seconds
from tests.builders.package import package_of

TURNS = 3
PRINTED = (10, 100)
LARGEST = 1_000
AGAINST_BUILD = Goal(0.15)
GROWTH = Goal(11)
COMMON = "what all deliveries share"


def deliveries(*, small: bool) -> Iterator[Line]:
    """The build is that of pages, and its handout: the summary has room for some twenty modules only."""
    medians: dict[tuple[str, int], float] = {}
    for modules in (2,) if small else (*PRINTED, LARGEST):
        with TemporaryDirectory() as folder:
            root = write_course(Path(folder), modules)
            contenders = parts(root)
            if modules <= PRINTED[-1]:
                contenders["build"] = partial(build, root)
            times = in_turns(contenders, TURNS)
        medians |= {(name, modules): median(values) for name, values in times.items()}
        if "build" in times:
            for name in sorted(set(times) - {"build"}):
                what = f"{name}, {modules} modules, against the build"
                yield line(what, times, name, "build", AGAINST_BUILD)
    if not small:
        yield from growth(medians)


def growth(medians: dict[tuple[str, int], float]) -> Iterator[Line]:
    for (name, modules), less in medians.items():
        large = medians.get((name, LARGEST))
        if modules == PRINTED[-1] and large:
            detail = f"{seconds(large)} / {seconds(less)}"
            yield Line(f"{name}, 1,000 modules against 100", large / less, GROWTH, detail)


def parts(root: Path) -> dict[str, Callable[[], float]]:
    """What is made once for all deliveries, and each that can keep the progress of such a course: made, then
    verified and run to its end.
    """
    package = open_package(package_of(root))
    common = common_files(package)
    fitting = {name: each for name, each in DELIVERIES.items() if each.fits(package.manifest)}
    made = {
        name: partial(timed, partial(delivery.make, package, common)) for name, delivery in fitting.items()
    }
    verified = {
        f"{name}, verified": partial(timed, partial(verify, delivery.make(package, common), name))
        for name, delivery in fitting.items()
    }
    return {COMMON: partial(timed, partial(common_files, package)), **made, **verified}


def build(root: Path) -> float:
    pages = process(PYTHON, "-m", "tests.benchmarks.pages", "--course", str(root))
    course, _ = check_folder(root)
    assert course is not None
    return pages + timed(partial(handout, render_course(course, root)))


def timed(make: Callable[[], object]) -> float:
    start = perf_counter()
    make()
    return perf_counter() - start
