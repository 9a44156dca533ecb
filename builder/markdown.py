"""The one dialect of Markdown: CommonMark and tables. HTML is read as HTML, for the sanitiser to drop."""

from functools import cache

from markdown_it import MarkdownIt


@cache
def parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")
