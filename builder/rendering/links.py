"""Addresses: what a link in a lesson means, where it points inside a package, and for a consumer of one."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

from builder.model.course import GLOSSARY_FILE, Course, Source

INTRODUCTION = "introduction"
"""Stands where a module's id stands; no module may be called so."""

GLOSSARY = "glossary"
"""Its address from the package's root. It is data there: who shows a package has a page for it."""

Pages = Mapping[str, str]
"""Path of every `lesson.md` and of the introduction, relative to the course's root → module id."""

LINK = re.compile(r'(<(?:a|img)(?: [a-z-]+="[^"]*")*? (?:href|src)=")([^"]*)"')
"""In HTML as the sanitiser writes it."""

SOURCE_LINK = re.compile(r'href="#source-(S\d+[a-z]?)"')
SOURCE_ANCHOR = re.compile(r"source-S\d+[a-z]?")


def pages(course: Course) -> Pages:
    return {course.introduction.path: INTRODUCTION} | {module.path: module.id for module in course.modules}


def target(href: str, path: str) -> tuple[str, str]:
    """The file, relative to the course's root, and the fragment that a link in the file `path` points to."""
    file, _, fragment = unquote(href).partition("#")
    return (posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path), fragment


def is_external(href: str) -> bool:
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", href) is not None


def page_path(module_id: str, language: str = "ja") -> str:
    """In the package."""
    folder = INTRODUCTION if module_id == INTRODUCTION else f"modules/{module_id}"
    return f"{folder}/{language}.html"


def asset_path(module_id: str, href: str) -> str:
    """In the package, of a figure `figures/<name>.svg`."""
    return f"assets/{module_id}/{posixpath.basename(href)}"


def package_url(href: str, path: str, pages: Pages) -> str | None:
    """What a link in the file `path` becomes in the package. None when it leads nowhere."""
    if is_external(href):
        return href if href.startswith("https://") else None
    file, fragment = target(href, path)
    anchor = f"#{fragment}" if fragment else ""
    here = posixpath.dirname(page_path(pages[path]))
    if file == GLOSSARY_FILE:
        return posixpath.relpath(GLOSSARY, here)
    if not href or file not in pages:
        return None
    if file == path:
        return anchor or "#"
    return posixpath.relpath(page_path(pages[file]), here) + anchor


def package_asset_url(href: str, module_id: str) -> str:
    return posixpath.relpath(asset_path(module_id, href), posixpath.dirname(page_path(module_id)))


def relink(
    html: str,
    module_url: Callable[[str, str | None], str],
    introduction_url: Callable[[str | None], str],
    asset_url: Callable[[str, str], str],
    glossary_url: str,
    anchor_url: Callable[[str], str] = "#{}".format,
) -> str:
    """Point a packaged section's links elsewhere: `module_url(module, section)`, `introduction_url(section)`,
    `asset_url(module, file)`, `glossary_url`. `anchor_url(section)` is one within the lesson, for a consumer
    that shows each section on a page of its own. Source references and outside links stay."""

    def elsewhere(url: str) -> str:
        path, _, section = url.partition("#")
        if not path and section and not SOURCE_ANCHOR.fullmatch(section):
            return anchor_url(section)
        if not path.startswith("../"):
            return url
        parts = [part for part in path.split("/") if part not in ("..", "modules")]
        if parts == [GLOSSARY]:
            return glossary_url
        if parts[0] == "assets":
            return asset_url(*parts[1:])
        if parts[0] == INTRODUCTION:
            return introduction_url(section or None)
        return module_url(parts[0], section or None)

    return LINK.sub(lambda found: f'{found[1]}{elsewhere(found[2])}"', html)


def cited(sections: Iterable[str], sources: Iterable[Source]) -> list[Source]:
    """The sources to which the HTML of some sections refers, in the order of the course's list.

    A page that shows the sections lists them, each in an element with the id `source-<number>`.
    """
    numbers = {number for html in sections for number in SOURCE_LINK.findall(html)}
    return [source for source in sources if source.number in numbers]
