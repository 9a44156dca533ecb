"""`imsmanifest.xml`, in which SCORM packages say what they hold."""

from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from builder.model.package import Manifest


def manifest(form: str, course: Manifest, paths: Iterable[str]) -> bytes:
    """`form`: `scorm12` or `scorm2004`. `paths`: of every other file."""
    return _environment().get_template(f"{form}.xml").render(course=course, paths=sorted(paths)).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("builder.deliveries"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
