"""A course package from sources, without printing: the PDFs in it are a few bytes."""

from functools import cache
from pathlib import Path

from builder.checks import check_folder
from builder.package.writing import write_package
from builder.rendering.course import render_course

ROOT = Path(__file__).parent.parent.parent
PDF = b"%PDF-1.7 not printed in this test\n"


def package_of(root: Path) -> bytes:
    course, problems = check_folder(root)
    assert course is not None, problems
    return write_package(render_course(course, root), {"handout.pdf": PDF, "summary.pdf": PDF})


@cache
def real_course() -> bytes:
    """The course that this project is about."""
    return package_of(ROOT)
