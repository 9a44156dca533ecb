"""Signs of Markdown that stand in the text as they are: something was meant, and was not read as such."""

import re
from collections.abc import Iterator

from markdown_it.token import Token

from builder.checks.places import place_in
from builder.language import N_
from builder.markdown import parse
from builder.model.problem import Kind, Problem
from builder.sources import Sources

NO_LINK = Kind(
    "link-unreadable",
    "error",
    N_("「%(given)s」は、リンクや図として読まれません。"),
    N_(
        "半角の [ ] と ( ) を続けて書きます。行き先はレッスンのファイル、figures/ の図、https:// のどれかで、"
        "空白を入れません。"
    ),
    lowerable=True,
)
NO_BOLD = Kind(
    "emphasis-unreadable",
    "warning",
    N_("「%(given)s」は、太字になりません。"),
    N_("かっこや句読点を「**」の外に出すか、「**」の外側に半角の空白を入れます。"),
)
NO_TABLE = Kind(
    "table-unreadable",
    "warning",
    N_("「%(given)s」の行は、表になりません。"),
    N_("表の前に空の行を置き、二行目を「|---|---|」のように、見出しと同じ数の列にします。「|」は半角です。"),
)

NEAR_LINK = re.compile(r"!?[\[［][^\[\]［］\n]*[\]］][ 　]?[(（]((?:[^()（）\n]|\([^()\n]*\))*)[)）]?")
REFERENCE = re.compile(r"\[[^\[\]\n]+\]\[[^\[\]\n]*\]")
ADDRESS = re.compile(r"[/#:\\]|\.(?:md|svg|png|html)\b")
SIGNS = {
    NO_BOLD: re.compile(r"\*\*[^*\n]+\*\*"),
    NO_TABLE: re.compile(r"^[|｜].*[|｜]$", re.MULTILINE),
}


def check(sources: Sources) -> Iterator[Problem]:
    for lesson in sources.lessons:
        for section in lesson.sections:
            for block in parse(section.markdown):
                for kind, given in leftovers(block):
                    yield Problem(kind, place_in(lesson, section, block, given), {"given": given})


def leftovers(block: Token) -> Iterator[tuple[Kind, str]]:
    text = plain_text(block.children or [])
    for found in NEAR_LINK.finditer(text):
        if ADDRESS.search(found[1]):
            yield NO_LINK, found[0]
    for found in REFERENCE.finditer(text):
        yield NO_LINK, found[0]
    for kind, sign in SIGNS.items():
        found_first = sign.search(text)
        if found_first:
            yield kind, found_first[0]


def plain_text(tokens: list[Token]) -> str:
    """What is neither code nor inside a link; whatever else stands in between counts as a line's end."""
    parts, links = [], 0
    for token in tokens:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        parts.append(token.content if token.type == "text" and not links else "\n")
    return "".join(parts)
