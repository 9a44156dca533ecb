"""The summary: every module's number, title and point on one A4 page."""

from builder.print import PrintFailed
from builder.print.page import page
from builder.print.problems import characters_lacking, summary_too_long
from builder.rendering.course import RenderedCourse


def summary(rendered: RenderedCourse) -> bytes:
    """Raise PrintFailed when it needs more than a page, or a character that our fonts lack."""
    from builder.print.press import press

    course = rendered.course
    printed = press(page("summary.html", file=course.file, modules=course.modules), {})
    problems = characters_lacking(course, printed.lacking)
    if printed.pages > 1:
        problems.append(summary_too_long(course, printed.pages))
    if problems:
        raise PrintFailed(problems)
    return printed.pdf
