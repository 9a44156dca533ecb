"""A whole course, rendered: the sections of every lesson, and the figures they show."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from builder.cache import Cache
from builder.digests import canonical, digest
from builder.markdown import inner_tokens
from builder.model.course import Course, Section
from builder.rendering.figures import Figure, inspect_figure
from builder.rendering.links import INTRODUCTION, Pages, asset_path, pages
from builder.rendering.sections import Surroundings, render_section
from builder.sources.files import Unusable, read_bytes


@dataclass(frozen=True)
class RenderedSection:
    """`html` holds the heading, the label of the basis and the text; no `<section>` around it."""

    section: Section
    html: str


@dataclass(frozen=True)
class RenderedCourse:
    """`modules` by id; `assets` by path in the package."""

    course: Course
    introduction: tuple[RenderedSection, ...]
    modules: Mapping[str, tuple[RenderedSection, ...]]
    assets: Mapping[str, bytes]


def render_course(course: Course, root: Path, cache: Cache | None = None) -> RenderedCourse:
    """Figures are read from `root`; a figure that is missing or unsafe is left out."""
    lessons = {INTRODUCTION: (course.introduction.path, course.introduction.sections)}
    lessons |= {module.id: (module.path, module.sections) for module in course.modules}
    rendered, assets, known = {}, {}, pages(course)
    known_digest = digest(canonical(known))
    for module_id, (path, sections) in lessons.items():
        lesson = Lesson(module_id, root, path, sections, known)
        rendered[module_id] = lesson.render(cache, known_digest)
        assets.update(lesson.assets())
    introduction = rendered.pop(INTRODUCTION)
    return RenderedCourse(course, introduction, rendered, assets)


@dataclass(frozen=True)
class Lesson:
    """What one lesson is rendered from. `module_id` is `introduction` for the introduction."""

    module_id: str
    root: Path
    path: str
    sections: tuple[Section, ...]
    pages: Pages

    def render(self, cache: Cache | None, known: str) -> tuple[RenderedSection, ...]:
        if cache is None:
            html = self.html()
        else:
            html = json.loads(
                cache.remember("lessons", self.inputs(known), lambda: json.dumps(self.html()).encode())
            )
        return tuple(map(RenderedSection, self.sections, html))

    def html(self) -> list[str]:
        around = Surroundings(self.path, self.module_id, self.pages, self.figure)
        return [render_section(section, around) for section in self.sections]

    def inputs(self, known: str) -> list[object]:
        """Everything on which the HTML depends. `known`: a digest of `pages`."""
        sections = [section.model_dump(exclude={"line"}) for section in self.sections]
        sizes = {href: [figure.width, figure.height] for href, (_, figure) in self.figures.items()}
        return [self.path, self.module_id, known, sections, sizes]

    def figure(self, href: str) -> Figure | None:
        return self.figures[href][1] if href in self.figures else None

    def assets(self) -> dict[str, bytes]:
        return {asset_path(self.module_id, href): data for href, (data, _) in self.figures.items()}

    @cached_property
    def figures(self) -> dict[str, tuple[bytes, Figure]]:
        """By the address in the lesson: every figure that is there and safe."""
        hrefs = sorted({href for section in self.sections for href in image_addresses(section)})
        found = {}
        for href in hrefs:
            with suppress(Unusable):
                data = read_bytes(self.root, f"{Path(self.path).parent}/{href}")
                figure = inspect_figure(data, href)
                if not figure.problems:
                    found[href] = (data, figure)
        return found


def image_addresses(section: Section) -> Iterator[str]:
    if "![" not in section.markdown:
        return
    for _, image in inner_tokens(section.markdown, "image"):
        yield str(image.attrGet("src"))
