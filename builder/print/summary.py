"""The summary: every module's number, title and point on one A4 page."""

from typing import TYPE_CHECKING

from builder.print.page import page, theme
from builder.rendering.course import RenderedCourse

if TYPE_CHECKING:
    from builder.press.pdf import Printed

ROWS_HEIGHT = 200
TALLEST_ROW = 34
"""In millimetres: what the sheet has for all rows, and what one row is given at most."""


def summary(rendered: RenderedCourse) -> "Printed":
    from builder.press.pdf import press

    return press(summary_page(rendered), theme("summary.css"))


def summary_page(rendered: RenderedCourse) -> str:
    course = rendered.course
    height = min(TALLEST_ROW, ROWS_HEIGHT // len(course.modules))
    return page("summary.html", file=course.file, modules=course.modules, row_height=height)
