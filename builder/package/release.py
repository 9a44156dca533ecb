"""The course as a release: what would be released now."""

from pathlib import Path

from builder.cache import Cache
from builder.model.course import Course
from builder.model.release import Release, release_of
from builder.package.writing import content_files, describe
from builder.rendering.course import render_course


def current_release(course: Course, root: Path) -> Release:
    cache = Cache(root)
    rendered = render_course(course, root, cache)
    return release_of(describe(rendered, content_files(rendered), cache))
