"""HTML in a lesson would be dropped without a word: say so instead."""

import re
from collections.abc import Iterator

from markdown_it.token import Token

from builder.checks.pasted import WORD_STYLE
from builder.checks.places import place_in
from builder.language import N_
from builder.markdown import inner_tokens, parse
from builder.model.problem import Kind, Problem
from builder.sources import Sources

NOT_USABLE = Kind(
    "html-unusable",
    "error",
    N_("HTML「%(given)s」は使えません。"),
    N_("Markdown で書きます。使えるのは <br>、<sub>、<sup> だけです。「<」の字は &lt; と書きます。"),
    lowerable=True,
)
HARMLESS = re.compile(r"<(br|sub|sup)\s*/?>|</\w+\s*>|<!--(?:(?!-->).)*(?:-->)?", re.DOTALL | re.IGNORECASE)
"""A comment that is not closed is named where the lesson is read."""


def check(sources: Sources) -> Iterator[Problem]:
    for lesson in sources.lessons:
        for section in lesson.sections:
            for block, token in html_tokens(section.markdown):
                html = token.content.strip()
                if not (HARMLESS.fullmatch(html) or WORD_STYLE.search(html)):
                    given = html.split("\n")[0][:60]
                    yield Problem(NOT_USABLE, place_in(lesson, section, block, given), {"given": given})


def html_tokens(markdown: str) -> Iterator[tuple[Token, Token]]:
    yield from ((block, block) for block in parse(markdown) if block.type == "html_block")
    yield from inner_tokens(markdown, "html_inline")
