"""Where in a lesson's file something inside a section stands."""

from urllib.parse import unquote

from markdown_it.token import Token

from builder.model.course import Section
from builder.model.problem import Place
from builder.sources.lessons import LessonText


def place_in(lesson: LessonText, section: Section, block: Token, text: str) -> Place:
    """Of a text inside a block; the block's first line when it is not found as it was written."""
    first, last = block.map or (0, 1)
    for line in range(section.line + first, section.line + last):
        for written in (text, unquote(text)):
            column = lesson.lines[line].find(written)
            if column >= 0:
                return Place(lesson.path, line + 1, column + 1)
    return Place(lesson.path, section.line + first + 1, 1)
