"""The one dialect of Markdown: CommonMark and tables, headings only with `#`.

HTML is read as HTML, so that the checks can name it and the sanitiser can drop it.
"""

from collections.abc import Iterator
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@cache
def parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table").disable("lheading")


@cache
def block_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table").disable(["lheading", "inline"])


def parse_blocks(markdown: str) -> list[Token]:
    """The same blocks, with what stands inside them left as it was written: half the work."""
    return block_parser().parse(markdown)


@lru_cache(maxsize=2_000)
def parse(markdown: str) -> tuple[Token, ...]:
    """The tokens are shared by all who ask for the same text: copy one before changing it."""
    return tuple(parser().parse(markdown))


def inner_tokens(markdown: str, *types: str) -> Iterator[tuple[Token, Token]]:
    """Every inline token of these types, after the block token that holds it."""
    for block in parse(markdown):
        for token in block.children or ():
            if token.type in types:
                yield block, token
