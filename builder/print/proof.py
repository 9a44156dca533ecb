"""Before a PDF leaves the house: it holds together, and says what the pages say."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from builder.model.course import Course
from builder.model.package import Manifest, PackagedModule
from builder.model.problem import Problem
from builder.print import PrintFailed
from builder.print.problems import (
    characters_lacking,
    course_disagrees,
    module_disagrees,
    summary_too_long,
)

if TYPE_CHECKING:
    from builder.press.pdf import Printed

SUMMARY = "summary"


def proofread(name: str, printed: "Printed", course: Course, manifest: Manifest) -> bytes:
    """`name`: `handout` or `summary`. The manifest holds what the pages show. Raise PrintFailed."""
    problems = list(faults(name, printed, course, manifest))
    if problems:
        raise PrintFailed(problems)
    return printed.pdf


def faults(name: str, printed: "Printed", course: Course, manifest: Manifest) -> Iterator[Problem]:
    yield from characters_lacking(course, printed.lacking)
    if name == SUMMARY and printed.pages > 1:
        yield summary_too_long(course, printed.pages)
        return
    if not printed.title.startswith(plain(manifest.title)):
        yield course_disagrees(name, manifest.title)
    for fact in (f"版{manifest.release}（", f"{manifest.guideline.title}（Ver{manifest.guideline.version}）"):
        if solid(fact) not in printed.text:
            yield course_disagrees(name, fact)
    for module in manifest.modules:
        if not says(name, printed, module):
            yield module_disagrees(name, course, module)


def says(name: str, printed: "Printed", module: PackagedModule) -> bool:
    number_and_title = f"{module.order}　{module.title}"
    if name == SUMMARY:
        return solid(number_and_title + module.point) in printed.text
    return plain(number_and_title) in printed.outline and (
        solid(f"{number_and_title}{module.point}モジュールの版{module.version}・") in printed.text
    )


def plain(text: str) -> str:
    """With blanks as a page shows them."""
    return " ".join(text.split(" "))


def solid(text: str) -> str:
    return "".join(text.split())
