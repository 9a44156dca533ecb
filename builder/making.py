"""Everything that a build leaves, from a checked course."""

from functools import partial
from pathlib import Path

from builder.cache import Cache
from builder.digests import digest
from builder.model.course import Course
from builder.package.writing import content_files, describe, write_package
from builder.print import PrintFailed
from builder.print.handout import handout
from builder.print.proof import proofread
from builder.print.summary import summary
from builder.rendering.course import RenderedCourse, render_course

PDFS = {"handout": handout, "summary": summary}


def make(course: Course, root: Path) -> dict[str, bytes]:
    """Everything that a build leaves, but for the checksums: file name → bytes. Raise PrintFailed."""
    cache = Cache(root)
    rendered = render_course(course, root, cache)
    pdfs = print_pdfs(rendered, cache)
    return {f"{course.file.id}-{course.file.release}.zip": write_package(rendered, pdfs)} | pdfs


def print_pdfs(rendered: RenderedCourse, cache: Cache) -> dict[str, bytes]:
    """All that keeps any of the PDFs from being printed is found in one run."""
    content = printed_content(rendered)
    pdfs, problems = {}, []
    for name in PDFS:
        try:
            pdfs[f"{name}.pdf"] = cache.remember(name, content, partial(print_pdf, name, rendered))
        except PrintFailed as failed:
            problems += failed.problems
    if problems:
        raise PrintFailed(problems)
    return pdfs


def print_pdf(name: str, rendered: RenderedCourse) -> bytes:
    """Raise PrintFailed."""
    shown = describe(rendered, content_files(rendered))
    return proofread(name, PDFS[name](rendered), rendered.course, shown)


def printed_content(rendered: RenderedCourse) -> list[object]:
    """Everything that may appear in a PDF."""
    course = rendered.course.model_dump(mode="json", exclude={"releases": True, "file": {"checks"}})
    return [course, {path: digest(data) for path, data in content_files(rendered).items()}]
