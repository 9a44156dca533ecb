"""A lesson: front matter, then sections that begin with a heading of level two."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar, cast

from markdown_it.token import Token

from builder.language import N_
from builder.markdown import parse
from builder.model.course import Basis, IntroductionHeader, LessonHeader, Section
from builder.model.problem import Kind, Place, Problem
from builder.sources.documents import Document, read_document
from builder.sources.files import Unusable, read_text

NO_FRONT_MATTER = Kind(
    "lesson-front-matter",
    "error",
    N_("ファイルの始めに、「---」の行で囲んだ見出し情報がありません。"),
    N_("一行目に「---」を置き、id や title を書き、もう一度「---」の行で閉じます。"),
)
TEXT_BEFORE_SECTION = Kind(
    "section-text-before",
    "error",
    N_("最初の節の見出し（##）より前に本文があります。"),
    N_("本文を節の中に移します。"),
)
LEVEL_ONE = Kind(
    "section-level-one",
    "error",
    N_("見出し「%(title)s」が一番上の段（#）です。"),
    N_("節の見出しには「##」を使います。レッスンの題は見出し情報の title に書きます。"),
)
NO_ID = Kind(
    "section-id-missing",
    "error",
    N_("節「%(title)s」に id がありません。"),
    N_("見出しの後に {#id basis=course} のように書きます。"),
)
BAD_ID = Kind(
    "section-id-unusable",
    "error",
    N_("節の id「%(given)s」は使えません。"),
    N_("英小文字と数字の語を、ハイフンでつないで書きます（例: first-action）。"),
)
DUPLICATE_SECTION = Kind(
    "duplicate-id",
    "error",
    N_("節の id「%(id)s」が二回使われています（先の方は %(first)d 行目）。"),
    N_("どちらかを別の id にします。"),
)
NO_BASIS = Kind(
    "section-basis-missing",
    "error",
    N_("節「%(id)s」に basis がありません。"),
    N_("公開資料にもとづくなら basis=official、このコースの解説なら basis=course と書きます。"),
)
UNKNOWN_BASIS = Kind(
    "section-basis-unknown",
    "error",
    N_("節「%(id)s」の basis「%(given)s」はありません。"),
    N_("official か course を書きます。"),
)
UNKNOWN_ATTRIBUTE = Kind(
    "section-attribute-unknown",
    "error",
    N_("節の見出しに、知らない属性「%(given)s」があります。"),
    N_("使える属性は #id、basis、sources です。"),
)
BAD_SOURCE = Kind(
    "source-number-unusable",
    "error",
    N_("出典の番号「%(given)s」は使えません。"),
    N_("S と数字で、コンマでつないで書きます（例: S0,S20）。"),
)
NO_SECTIONS = Kind(
    "lesson-empty",
    "error",
    N_("レッスンに節がありません。"),
    N_("「## 見出し {#id basis=course}」の節を書きます。"),
)

HIDING = (NO_ID, BAD_ID, NO_SECTIONS)
"""After these, what is not found may yet be there."""

ATTRIBUTES = re.compile(r"^(?P<title>.*?)\s*\{(?P<attributes>[^{}]*)\}\s*$")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SOURCE_NUMBER = re.compile(r"S\d+[a-z]?")

H = TypeVar("H", LessonHeader, IntroductionHeader)


@dataclass(frozen=True)
class LessonText:
    """What could be read of a lesson's text.

    `lines` are those of the whole file. `whole` is false when a section had to be left out.
    """

    path: str
    sections: tuple[Section, ...]
    lines: tuple[str, ...]
    whole: bool

    @property
    def folder(self) -> str:
        """Relative to the course's root."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)
class LessonSource(LessonText, Generic[H]):
    """A lesson's text and its header, if that could be read."""

    header: Document[H] | None


def read_lesson(model: type[H], root: Path, path: str) -> tuple[LessonSource[H], list[Problem]]:
    """Raises Unusable when nothing of the file can be used."""
    lines = read_text(root, path).split("\n")
    end = end_of_front_matter(lines)
    header, problems = read_header(model, path, lines, end)
    sections, faults = read_sections(path, lines, end + 1 if end else 0)
    whole = not any(fault.kind in HIDING for fault in faults)
    return LessonSource(path, sections, tuple(lines), whole, header), problems + faults


def end_of_front_matter(lines: list[str]) -> int | None:
    """The index of the closing line."""
    if lines[0].rstrip() != "---":
        return None
    return next((index for index, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)


def read_header(
    model: type[H], path: str, lines: list[str], end: int | None
) -> tuple[Document[H] | None, list[Problem]]:
    if end is None:
        return None, [Problem(NO_FRONT_MATTER, Place(path, 1, 1))]
    try:
        return read_document(model, path, "\n".join(lines[1:end]), first_line=2)
    except Unusable as unusable:
        return None, [unusable.problem]


def read_sections(path: str, lines: list[str], start: int) -> tuple[tuple[Section, ...], list[Problem]]:
    """`start`: the index of the first line after the front matter."""
    tokens = parse("\n".join(lines[start:]))
    headings = list(section_headings(tokens, start))
    problems = list(misplaced(path, tokens, start, headings))
    sections: dict[str, Section] = {}
    for (line, title), (end, _) in pairwise([*headings, (len(lines), "")]):
        section, faults = read_section(Place(path, line + 1, 1), title, lines, (line, end))
        problems += faults
        if section and section.id in sections:
            values = {"id": section.id, "first": sections[section.id].line}
            problems.append(Problem(DUPLICATE_SECTION, Place(path, line + 1, 1), values))
        elif section:
            sections[section.id] = section
    return tuple(sections.values()), problems


def section_headings(tokens: Sequence[Token], start: int) -> Iterator[tuple[int, str]]:
    """Index of the line and text of every heading of level two."""
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map:
            yield token.map[0] + start, inline.content


def misplaced(
    path: str, tokens: Sequence[Token], start: int, headings: list[tuple[int, str]]
) -> Iterator[Problem]:
    if not headings:
        yield Problem(NO_SECTIONS, Place(path, start + 1, 1))
    elif tokens[0].map and tokens[0].map[0] + start < headings[0][0]:
        yield Problem(TEXT_BEFORE_SECTION, Place(path, tokens[0].map[0] + start + 1, 1))
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.map:
            place = Place(path, token.map[0] + start + 1, 1)
            yield Problem(LEVEL_ONE, place, {"title": inline.content})


def read_section(
    place: Place, heading: str, lines: list[str], span: tuple[int, int]
) -> tuple[Section | None, list[Problem]]:
    written = ATTRIBUTES.match(heading)
    words = written["attributes"].split() if written else []
    title = written["title"] if written else heading
    section_id = next((word[1:] for word in words if word.startswith("#")), "")
    if not section_id:
        return None, [Problem(NO_ID, place, {"title": title})]
    if not ID.fullmatch(section_id):
        return None, [Problem(BAD_ID, place, {"given": section_id})]
    attributes = dict(word.partition("=")[::2] for word in words if not word.startswith("#"))
    basis, sources = attributes.pop("basis", ""), attributes.pop("sources", "")
    numbers = [number for number in sources.split(",") if number]
    section = Section(
        id=section_id,
        title=title,
        basis=cast(Basis, basis) if basis in ("official", "course") else None,
        sources=tuple(number for number in numbers if SOURCE_NUMBER.fullmatch(number)),
        markdown="\n".join(lines[span[0] + 1 : span[1]]).rstrip(),
        line=span[0] + 1,
    )
    return section, list(attribute_problems(place, section, basis, numbers, attributes))


def attribute_problems(
    place: Place, section: Section, basis: str, numbers: list[str], unknown: dict[str, str]
) -> Iterator[Problem]:
    if not basis:
        yield Problem(NO_BASIS, place, {"id": section.id})
    elif section.basis is None:
        meant = next(iter(get_close_matches(basis, ("official", "course"), n=1)), None)
        yield Problem(UNKNOWN_BASIS, place, {"id": section.id, "given": basis, "meant": meant})
    for number in numbers:
        if number not in section.sources:
            yield Problem(BAD_SOURCE, place, {"given": number})
    for given in unknown:
        meant = next(iter(get_close_matches(given, ("basis", "sources"), n=1)), None)
        yield Problem(UNKNOWN_ATTRIBUTE, place, {"given": given, "meant": meant})
