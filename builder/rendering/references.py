"""References to the course's sources: 〔S20〕 in a text, and those a whole section rests on."""

import re
from collections.abc import Iterator

from markdown_it.token import Token

from builder.language import N_, Language, translations

SOURCE = N_("資料{number}")

REFERENCE = re.compile(r"〔(S\d+[a-z]?(?:[、,・]\s*S\d+[a-z]?)*)〕")
NUMBER = re.compile(r"S\d+[a-z]?")


class References:
    """Those of one section. The first to a source says what it is and links to its entry in the list.

    The others are the bare number: who listens to a page's links, or goes through them by key, would
    otherwise meet the same "S0" in every second sentence.
    """

    def __init__(self, language: Language) -> None:
        self.label = translations(language).gettext(SOURCE)
        self.linked: set[str] = set()

    def to(self, number: str) -> str:
        if number in self.linked:
            return number
        self.linked.add(number)
        return f'<a href="#source-{number}">{self.label.format(number=number)}</a>'

    def within(self, text: str) -> Iterator[Token]:
        end = 0
        for found in REFERENCE.finditer(text):
            yield Token("text", "", 0, content=text[end : found.start()])
            html = NUMBER.sub(lambda number: self.to(number[0]), found[0])
            yield Token("html_inline", "", 0, content=html)
            end = found.end()
        yield Token("text", "", 0, content=text[end:])
