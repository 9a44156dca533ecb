"""What Word leaves behind when text is pasted from it."""

import re
from collections.abc import Iterator

from builder.checks.prose import Prose
from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.sources import Sources

STYLE = Kind(
    "word-styles",
    "error",
    N_("Word の書式「%(given)s」が残っています。"),
    N_("Word からは書式なし（テキストのみ）で貼り付け、見出しや太字は Markdown で付け直します。"),
    lowerable=True,
)
BULLET = Kind(
    "word-styles",
    "error",
    N_("Word の箇条書きの記号「%(given)s」が残っています。"),
    N_("行の始めの記号と空白を、半角の「- 」に直します。"),
    lowerable=True,
)
WORD_STYLE = re.compile(
    r"""class=["']?Mso\w*|\bmso-[a-z-]+|</?[owvm]:\w+[^>\n]*>|<!--\[if|<\?xml:namespace|custom-style=|\{\.underline\}"""
)
WORD_BULLET = re.compile(r"^[ \t　]*([•▪◦\uf000-\uf0ff])[ \t　]*", re.MULTILINE)
SIGNS = ((STYLE, WORD_STYLE, 0), (BULLET, WORD_BULLET, 1))


def check(sources: Sources) -> Iterator[Problem]:
    for lesson in sources.lessons:
        for section in lesson.sections:
            for line, text in enumerate(section.markdown.split("\n"), start=section.line + 1):
                for kind, sign, group in SIGNS:
                    found = sign.search(text)
                    if found:
                        place = Place(lesson.path, line, found.start(group) + 1)
                        yield Problem(kind, place, {"given": found[group]})


def pasted_in_values(prose: Prose) -> Iterator[Problem]:
    """In a YAML file."""
    for kind, sign, group in SIGNS:
        for found in sign.finditer(prose.text):
            yield Problem(kind, prose.place(found.start(group)), {"given": found[group]})
