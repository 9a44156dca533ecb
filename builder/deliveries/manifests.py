"""`imsmanifest.xml` and `cmi5.xml`, in which deliveries say what they hold."""

from collections.abc import Iterable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from builder.model.deliveries import Options
from builder.model.package import Manifest


def manifest(form: str, course: Manifest, paths: Iterable[str], options: Options) -> bytes:
    """`form`: `scorm12`, `scorm2004` or `cmi5`. `paths`: of every other file, where it lists them."""
    template = _environment().get_template(f"{form}.xml")
    return template.render(course=course, paths=sorted(paths), options=options).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("builder.deliveries"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
