"""Every link leads somewhere: to a section that exists, or out by https."""

import posixpath
from collections.abc import Iterator
from difflib import get_close_matches

from builder.checks.places import place_in
from builder.language import N_
from builder.markdown import inner_tokens
from builder.model.problem import Kind, Place, Problem
from builder.rendering.links import is_external, target
from builder.sources import Sources
from builder.sources.lessons import LessonText

NOT_HTTPS = Kind(
    "link-not-https",
    "error",
    N_("リンク先「%(given)s」は https:// で始まっていません。"),
    N_("外部へのリンクは https:// で始まる住所にします。"),
)
BROKEN = Kind(
    "link-broken",
    "error",
    N_("リンク先「%(given)s」にレッスンがありません。"),
    N_("ほかのレッスンへは ../08-co-creation/lesson.md のように、このファイルからの道筋を書きます。"),
)
NO_ANCHOR = Kind(
    "link-anchor",
    "error",
    N_("リンク先「%(given)s」の節「%(anchor)s」がありません。"),
    N_("リンク先の節の id を書きます（%(known)s）。"),
)


def check(sources: Sources) -> Iterator[Problem]:
    lessons = {lesson.path: lesson for lesson in sources.lessons}
    hidden = set(sources.unreadable_lessons)
    for lesson in sources.lessons:
        for section in lesson.sections:
            for block, link in inner_tokens(section.markdown, "link_open"):
                href = str(link.attrGet("href"))
                if target(href, lesson.path)[0] in hidden:
                    continue
                problem = link_problem(href, lesson, lessons, place_in(lesson, section, block, href))
                if problem:
                    yield problem
    yield from address_problems(sources)


def link_problem(
    href: str, lesson: LessonText, lessons: dict[str, LessonText], place: Place
) -> Problem | None:
    if is_external(href):
        return None if href.startswith("https://") else Problem(NOT_HTTPS, place, {"given": href})
    file, anchor = target(href, lesson.path)
    if not href or file not in lessons:
        folder = posixpath.dirname(lesson.path)
        known = [posixpath.relpath(path, folder) for path in lessons]
        meant = next(iter(get_close_matches(href.partition("#")[0], known, n=1)), None)
        return Problem(BROKEN, place, {"given": href, "meant": meant})
    sections = [section.id for section in lessons[file].sections]
    if anchor and anchor not in sections and lessons[file].whole:
        meant = next(iter(get_close_matches(anchor, sections, n=1)), None)
        values = {"given": href, "anchor": anchor, "known": ", ".join(sections), "meant": meant}
        return Problem(NO_ANCHOR, place, values)
    return None


def address_problems(sources: Sources) -> Iterator[Problem]:
    """Addresses in `course.yaml`."""
    if sources.file is None:
        return
    addresses = [(sources.file.value.guideline.url, sources.file.place("guideline", "url"))]
    for i, source in enumerate(sources.file.value.sources):
        if source.url is not None:
            addresses.append((source.url, sources.file.place("sources", i, "url")))
    for url, place in addresses:
        if not url.startswith("https://"):
            yield Problem(NOT_HTTPS, place, {"given": url})
