"""A lesson: front matter, then sections that begin with a heading of level two."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Generic, TypeVar, cast
from unicodedata import normalize

from markdown_it.token import Token

from builder.language import N_
from builder.markdown import parse_blocks
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
ODD_HEADING = Kind(
    "section-heading-unusable",
    "error",
    N_("「%(given)s」は見出しになっていません。"),
    N_("行の始めに、半角の「##」と半角の空白を置きます。"),
)
SUBHEADING = Kind(
    "section-heading-unusable",
    "error",
    N_("小見出し「%(given)s」に { } が付いています。"),
    N_("節の見出しなら「##」で始めます。小見出しなら { } を消します。"),
)
UNCLOSED = Kind(
    "section-block-unclosed",
    "error",
    N_("ここで始まる「%(given)s」が閉じられていません。"),
    N_("終わりに「%(closing)s」を書きます。"),
)
NO_TITLE = Kind(
    "section-title-missing",
    "error",
    N_("節の見出しに題がありません。"),
    N_("「##」と { } の間に、題を書きます。"),
)
ODD_ATTRIBUTES = Kind(
    "section-attributes-unusable",
    "error",
    N_("見出しの「%(given)s」は、このままでは読めません。"),
    N_("半角で書き、「=」の前後に空白を置かず、番号は「,」でつなぎます。"),
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
NO_SOURCE = Kind(
    "section-sources-missing",
    "error",
    N_("公開資料にもとづく節「%(id)s」に、出典の番号がありません。"),
    N_("見出しに sources=S0 のように書くか、basis=course にします。"),
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
EMPTY_SECTION = Kind(
    "section-empty",
    "warning",
    N_("節「%(id)s」に本文がありません。"),
    N_("本文を書くか、見出しを消します。"),
)
NO_SECTIONS = Kind(
    "lesson-empty",
    "error",
    N_("レッスンに節がありません。"),
    N_("「## 見出し {#id basis=course}」の節を書きます。"),
)

HIDING = (
    NO_TITLE,
    NO_ID,
    BAD_ID,
    NO_SECTIONS,
    DUPLICATE_SECTION,
    LEVEL_ONE,
    ODD_HEADING,
    SUBHEADING,
    UNCLOSED,
)
"""After these, what is not found may yet be there."""

LONGEST_ID = 64
ATTRIBUTES = re.compile(r"^(?P<title>.*?)\s*(?P<whole>[{｛](?P<attributes>[^{}｛｝]*)[}｝]?)\s*$")
MEANT_AS_HEADING = re.compile(r"[ 　]*([#＃]{2,6}|[#＃][^#＃{｛]*[{｛] ?[#＃])")
HEADING_ATTRIBUTES = re.compile(r"[{｛]\s*[#＃]")
HEADING_OF_SECTION = re.compile(r"^[ >*-]*## .*\{#", re.MULTILINE)
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SOURCE_NUMBER = re.compile(r"S\d+[a-z]?")

H = TypeVar("H", LessonHeader, IntroductionHeader)


@dataclass(frozen=True)
class LessonText:
    """What could be read of a lesson's text.

    `read_lines`: those of the whole file, asked for like a document's tree. `whole` is false when a section
    had to be left out.
    """

    path: str
    sections: tuple[Section, ...]
    read_lines: Callable[[], tuple[str, ...]]
    whole: bool

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return self.read_lines()

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
    sections, faults = read_sections(path, lines, end)
    hidden = len(HEADING_OF_SECTION.findall("\n".join(lines))) > len(sections)
    whole = not (hidden or any(fault.kind in HIDING for fault in faults))
    return LessonSource(path, sections, lambda: tuple(lines), whole, header), problems + faults


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


def read_sections(
    path: str, lines: list[str], end_of_header: int | None
) -> tuple[tuple[Section, ...], list[Problem]]:
    start = 0 if end_of_header is None else end_of_header + 1
    tokens = parse_blocks("\n".join(lines[start:]))
    headings = list(section_headings(tokens, start))
    problems = [*misread(path, tokens, start, lines)]
    if not headings:
        problems = problems or [Problem(NO_SECTIONS, Place(path, start + 1, 1))]
    elif start and tokens[0].map and tokens[0].map[0] + start < headings[0][0] and not problems:
        problems.append(Problem(TEXT_BEFORE_SECTION, Place(path, tokens[0].map[0] + start + 1, 1)))
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


def misread(path: str, tokens: Sequence[Token], start: int, lines: list[str]) -> Iterator[Problem]:
    """What was probably meant as the heading of a section, and is something else."""
    for token, after in pairwise([*tokens, Token("end", "", 0)]):
        if token.map is None:
            continue
        place = Place(path, token.map[0] + start + 1, 1)
        if token.type == "heading_open" and token.tag == "h1":
            yield Problem(LEVEL_ONE, place, {"title": after.content})
        elif token.type == "heading_open" and HEADING_ATTRIBUTES.search(after.content):
            if token.tag != "h2" or token.level:
                kind = ODD_HEADING if token.tag == "h2" else SUBHEADING
                yield Problem(kind, place, {"given": after.content})
        elif token.type == "inline" and token.level == 1:
            yield from odd_headings(place, token.content)
        elif token.type == "code_block" and HEADING_OF_SECTION.search(token.content):
            yield Problem(ODD_HEADING, place, {"given": token.content.strip().split("\n")[0]})
        elif token.type in ("fence", "html_block"):
            yield from unclosed(place, token, lines[token.map[1] + start - 1])


def odd_headings(place: Place, paragraph: str) -> Iterator[Problem]:
    for offset, line in enumerate(paragraph.split("\n")):
        if MEANT_AS_HEADING.match(line):
            yield Problem(ODD_HEADING, Place(place.file, place.line + offset, 1), {"given": line.strip()})


def unclosed(place: Place, block: Token, last_line: str) -> Iterator[Problem]:
    if block.type == "html_block":
        if block.content.startswith("<!--") and "-->" not in block.content:
            yield Problem(UNCLOSED, place, {"given": "<!--", "closing": "-->"})
    elif not last_line.lstrip("> \t").startswith(block.markup):
        yield Problem(UNCLOSED, place, {"given": block.markup, "closing": block.markup})


def read_section(
    place: Place, heading: str, lines: list[str], span: tuple[int, int]
) -> tuple[Section | None, list[Problem]]:
    written = ATTRIBUTES.match(heading)
    title = written["title"] if written else heading
    words = tidy(written["attributes"]).split() if written else []
    section_id = next((word[1:] for word in words if word.startswith("#")), "")
    fault = heading_fault(title.strip(), section_id)
    if fault:
        return None, [Problem(fault, place, {"title": title, "given": section_id})]
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
    problems = list(attribute_problems(place, section, basis, numbers, attributes))
    if written and " ".join(written["whole"].split()) != (meant := f"{{{' '.join(words)}}}"):
        problems.append(Problem(ODD_ATTRIBUTES, place, {"given": written["whole"], "meant": meant}))
    if not section.markdown.strip():
        problems.append(Problem(EMPTY_SECTION, place, {"id": section.id}))
    return section, problems


def tidy(attributes: str) -> str:
    """As they should have been written: half-width, one space between them and none inside."""
    half = re.sub("[\"'“”]", "", normalize("NFKC", attributes.replace("、", ",")))
    return re.sub(r"\s*([=,])\s*|(#)\s+", r"\1\2", re.sub(r"(basis|sources)\s*:", r"\1=", half))


def heading_fault(title: str, section_id: str) -> Kind | None:
    if not section_id:
        return NO_ID
    if not ID.fullmatch(section_id) or len(section_id) > LONGEST_ID:
        return BAD_ID
    return None if title else NO_TITLE


def attribute_problems(
    place: Place, section: Section, basis: str, numbers: list[str], unknown: dict[str, str]
) -> Iterator[Problem]:
    slips = {given: closest(given, ("basis", "sources")) for given in unknown}
    for given, meant in slips.items():
        yield Problem(UNKNOWN_ATTRIBUTE, place, {"given": given, "meant": meant})
    if not basis and "basis" not in slips.values():
        yield Problem(NO_BASIS, place, {"id": section.id})
    elif basis and section.basis is None:
        meant = closest(basis, ("official", "course"))
        yield Problem(UNKNOWN_BASIS, place, {"id": section.id, "given": basis, "meant": meant})
    if basis == "official" and not numbers and "sources" not in slips.values():
        yield Problem(NO_SOURCE, place, {"id": section.id})
    for number in numbers:
        if number not in section.sources:
            meant = number.upper() if SOURCE_NUMBER.fullmatch(number.upper()) else None
            yield Problem(BAD_SOURCE, place, {"given": number, "meant": meant})


def closest(given: str, known: Sequence[str]) -> str | None:
    return next(iter(get_close_matches(given, known, n=1, cutoff=0.7)), None)
