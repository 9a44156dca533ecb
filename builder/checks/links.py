"""Every link leads somewhere: to a section that exists, or out by https."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import takewhile
from urllib.parse import unquote

from markdown_it.token import Token

from builder.checks.places import place_in
from builder.language import N_
from builder.markdown import inner_tokens
from builder.model.course import GLOSSARY_FILE, Glossary
from builder.model.problem import Kind, Place, Problem
from builder.rendering.links import is_external, target
from builder.sources import Outline, Sources
from builder.sources.documents import Document
from builder.sources.lessons import LessonText

NOT_HTTPS = Kind(
    "link-not-https",
    "error",
    N_("リンク先「%(given)s」は https:// で始まっていません。"),
    N_("外へのリンクは https:// で始めます。ほかのレッスンへは ../08-co-creation/lesson.md と書きます。"),
    lowerable=True,
)
BROKEN = Kind(
    "link-broken",
    "error",
    N_("リンク先「%(given)s」にレッスンがありません。"),
    N_("ほかのレッスンへは ../08-co-creation/lesson.md のように、このファイルからの道筋を書きます。"),
    lowerable=True,
)
TO_FIGURE = Kind(
    "link-to-figure",
    "error",
    N_("図「%(given)s」が、リンクとして書かれています。"),
    N_("図を見せるには、行の始めに半角の「!」を付けて ![…](…) と書きます。"),
    lowerable=True,
)
NO_WORDS = Kind(
    "link-text-missing",
    "error",
    N_("リンク「%(given)s」に文字がありません。"),
    N_("[ ] の中に、行き先が分かる言葉を書きます。"),
    lowerable=True,
)
NO_ANCHOR = Kind(
    "link-anchor",
    "error",
    N_("リンク先「%(given)s」の節「%(anchor)s」がありません。"),
    N_("リンク先の節の id を書きます（%(known)s）。"),
    lowerable=True,
)
UNKNOWN_TERM = Kind(
    "glossary-term-unknown",
    "error",
    N_("用語「%(given)s」は、用語集にありません。"),
    N_("course/glossary.yaml に加えるか、用語集のとおりの言葉にします。"),
    lowerable=True,
)


def check(sources: Sources) -> Iterator[Problem]:
    outlines = sources.outlines
    hidden = set(sources.hidden_lessons)
    for lesson in sources.lessons:
        for section in lesson.sections:
            for block, link in inner_tokens(section.markdown, "link_open"):
                href = str(link.attrGet("href"))
                place = place_in(lesson, section, block, href)
                if not words_of(block, link):
                    yield Problem(NO_WORDS, place, {"given": unquote(href)})
                file, anchor = target(href, lesson.path)
                if file == GLOSSARY_FILE:
                    yield from term_problems(anchor or words_of(block, link), sources.glossary, place)
                if file == GLOSSARY_FILE or file in hidden:
                    continue
                problem = link_problem(href, lesson, outlines, place)
                if problem:
                    yield problem
    yield from address_problems(sources)


def term_problems(given: str, glossary: Document[Glossary] | None, place: Place) -> Iterator[Problem]:
    if glossary is None or glossary.shortened("terms"):
        return
    terms = [term.term for term in glossary.value.terms]
    if given and given not in terms:
        meant = next(iter(get_close_matches(given, terms, n=1)), None)
        yield Problem(UNKNOWN_TERM, place, {"given": given, "meant": meant})


def words_of(block: Token, link: Token) -> str:
    """What a link says; the alternative text when it is a figure."""
    inside = (block.children or [])[(block.children or []).index(link) + 1 :]
    return "".join(
        token.content for token in takewhile(lambda token: token.type != "link_close", inside)
    ).strip()


def link_problem(
    href: str, lesson: LessonText, outlines: Mapping[str, Outline], place: Place
) -> Problem | None:
    given = unquote(href)
    if is_external(href):
        return None if href.startswith("https://") else Problem(NOT_HTTPS, place, {"given": given})
    file, anchor = target(href, lesson.path)
    if not href or file not in outlines:
        if file.endswith(".svg"):
            return Problem(TO_FIGURE, place, {"given": given})
        return Problem(BROKEN, place, {"given": given, "meant": probable(given, lesson, outlines)})
    sections = outlines[file].sections
    if anchor and anchor not in sections and outlines[file].whole:
        meant = next(iter(get_close_matches(anchor, sections, n=1)), None)
        values = {"given": given, "anchor": anchor, "known": ", ".join(sections), "meant": meant}
        return Problem(NO_ANCHOR, place, values)
    return None


def probable(given: str, lesson: LessonText, paths: Iterable[str]) -> str | None:
    """The lesson whose folder has a name like the last one that was written."""
    folders = {path.split("/")[-2]: path for path in paths if path.startswith("modules/")}
    written = [name for name in re.split(r"[/\\\\#]", given) if name not in ("", ".", "..", "modules")]
    named = [name for name in written if not name.lower().endswith(".md")][:1] or written[:1]
    for meant in get_close_matches(named[0].lower(), folders, n=1) if named else ():
        return posixpath.relpath(folders[meant], posixpath.dirname(lesson.path))
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
