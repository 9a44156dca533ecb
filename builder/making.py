"""Everything that a build leaves, from a checked course."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path

from builder.cache import Cache
from builder.deliveries import DELIVERIES, Delivery, common_files
from builder.deliveries.verification import verify
from builder.digests import digest
from builder.model.course import Course
from builder.model.deliveries import PRESETS, Options, Wanted
from builder.model.package import Manifest
from builder.model.problem import Problem
from builder.package import open_package
from builder.package.writing import content_files, describe, write_package
from builder.print import PrintFailed
from builder.print.handout import handout
from builder.print.proof import proofread
from builder.print.summary import summary
from builder.rendering.course import RenderedCourse, render_course

PDFS = {"handout": handout, "summary": summary}


class DeliveryRefused(Exception):
    """A delivery that was made is not what others may be given."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = list(problems)


def make(course: Course, root: Path, wanted: Wanted) -> dict[str, bytes]:
    """Everything that a build leaves, but for the checksums: file name → bytes.

    Raise PrintFailed, DeliveryRefused.
    """
    cache = Cache(root)
    rendered = render_course(course, root, cache)
    files = content_files(rendered)
    manifest = describe(rendered, files, cache)
    pdfs = print_pdfs(rendered, manifest, cache)
    name = f"{course.file.id}-{course.file.release}"
    package = write_package(manifest, files, pdfs)
    return {f"{name}.zip": package} | pdfs | make_deliveries(name, manifest, package, wanted, cache)


def make_deliveries(
    name: str, manifest: Manifest, package: bytes, wanted: Wanted, cache: Cache
) -> dict[str, bytes]:
    """From the course package alone; `name` leads their files' names."""
    content = digest(package)
    opened = lru_cache(partial(open_package, package))
    common = lru_cache(lambda: common_files(opened()))

    def make(delivery: Delivery, options: Options) -> bytes:
        """Nothing leaves the house that we would refuse from others."""
        made = delivery.make(opened(), common(), options)
        schemas = Path(wanted.schemas) if wanted.schemas else None
        problems = verify(made, f"{name}{delivery.suffix}", schemas).problems
        if problems:
            raise DeliveryRefused(problems)
        return made

    return {
        f"{name}{suffix}": cache.remember(
            form, [content, asdict(options), wanted.schemas], partial(make, delivery, options)
        )
        for suffix, form, options in _deliveries(wanted)
        if (delivery := DELIVERIES[form]).fits(manifest)
    }


def _deliveries(wanted: Wanted) -> Iterator[tuple[str, str, Options]]:
    """How the name of each file ends, of which form it is, and what is asked of it."""
    for form, delivery in DELIVERIES.items():
        yield delivery.suffix, form, wanted.options
    for name in wanted.presets:
        yield f"-{name}.zip", PRESETS[name].form, PRESETS[name].options


def print_pdfs(rendered: RenderedCourse, manifest: Manifest, cache: Cache) -> dict[str, bytes]:
    """All that keeps any of the PDFs from being printed is found in one run."""
    content = [manifest.content_digest, manifest.id, manifest.release, manifest.released]
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
