"""YAML as a tree of nodes that know their line and column, with fewer surprises than YAML has.

Plain words are text, except true, false, null and whole numbers without leading zero: `1.0.0`, `no`,
`1:30` and `2026-12-01` stay what they look like. Anchors, aliases, tags and second documents are
refused, so that no small file can grow into a large one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.sources.files import Unusable

DEEPEST = 30
WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"
Step: TypeAlias = str | int

BROKEN = "yaml-broken"
TAB = Kind(
    BROKEN,
    "error",
    N_("行の始めにタブ文字があります。YAML として読めません。"),
    N_("字下げには半角の空白を使います。"),
)
FULL_WIDTH_COLON = Kind(
    BROKEN,
    "error",
    N_("コロンが全角（：）です。YAML として読めません。"),
    N_("半角のコロンと空白（: ）に直します。"),
)
COLON_IN_TEXT = Kind(
    BROKEN,
    "error",
    N_("この位置のコロンは使えません。YAML として読めません。"),
    N_("文の中にコロンがあるなら文全体を引用符（'…'）で囲みます。そうでなければ字下げをそろえます。"),
)
UNCLOSED_QUOTE = Kind(
    BROKEN,
    "error",
    N_("ここで始まる引用符が閉じられていません。"),
    N_("文の終わりに同じ引用符を置きます。"),
)
UNCLOSED_BRACKET = Kind(
    BROKEN,
    "error",
    N_("かっこの中の区切りか、閉じかっこがありません。"),
    N_("項目を半角のコンマで区切り、かっこを閉じます。"),
)
INDENTATION = Kind(
    BROKEN,
    "error",
    N_("字下げがそろっていません。YAML として読めません。"),
    N_("同じ深さの行は、字下げを同じ数の空白にそろえます。"),
)
START_OF_TEXT = Kind(
    BROKEN,
    "error",
    N_("文をこの文字で始めることはできません。YAML として読めません。"),
    N_("文全体を引用符（'…'）で囲みます。"),
)
COLON_MISSING = Kind(
    BROKEN,
    "error",
    N_("この行に「キー: 値」のコロンがありません。"),
    N_("キーの後に半角のコロンと空白を置きます。"),
)
OTHER = Kind(
    BROKEN,
    "error",
    N_("YAML として読めません。"),
    N_("この行とその前の行の、字下げ、コロン、引用符を確かめます。"),
)

BY_MESSAGE = (
    ("found unexpected end of stream", UNCLOSED_QUOTE),
    ("did not find expected ',' or", UNCLOSED_BRACKET),
    ("mapping values are not allowed", COLON_IN_TEXT),
    ("did not find expected key", INDENTATION),
    ("did not find expected '-' indicator", INDENTATION),
    ("block sequence entries are not allowed", INDENTATION),
    ("found character that cannot start any token", START_OF_TEXT),
    ("could not find expected ':'", COLON_MISSING),
)
"""What the parser says, and what it means for an author."""

ALIAS = Kind(
    "yaml-alias",
    "error",
    N_("YAML のアンカー（&）やエイリアス（*）は使えません。"),
    N_("内容をそのまま書きます。「&」や「*」で始まる文なら、引用符（'…'）で囲みます。"),
)
TAG = Kind(
    "yaml-tag",
    "error",
    N_("YAML のタグ（!）は使えません。"),
    N_("タグを消します。「!」で始まる文なら、引用符（'…'）で囲みます。"),
)
SECOND_DOCUMENT = Kind(
    "yaml-second-document",
    "error",
    N_("一つのファイルに、二つ目の YAML 文書があります。"),
    N_("途中の「---」の行を消すか、ファイルを分けます。"),
)
TOO_DEEP = Kind(
    "yaml-too-deep",
    "error",
    N_("入れ子が深すぎます（%(limit)d 段まで）。"),
    N_("余分なかっこや字下げを消します。"),
)
KEY_NOT_TEXT = Kind(
    "yaml-key",
    "error",
    N_("キーが文字列ではありません。"),
    N_("キーには一つの語を書きます。"),
)
DUPLICATE_KEY = Kind(
    "key-duplicate",
    "error",
    N_("キー「%(key)s」が二回あります（先の方は %(first)d 行目）。"),
    N_("どちらか一つを消します。"),
)


@dataclass(slots=True)
class Node:
    """A value with its place; line and column counted from 1."""

    content: "str | int | bool | list[Node] | dict[str, Entry] | None"
    line: int
    column: int

    def plain(self) -> Plain:
        if isinstance(self.content, dict):
            return {key: entry.value.plain() for key, entry in self.content.items()}
        if isinstance(self.content, list):
            return [item.plain() for item in self.content]
        return self.content

    def follow(self, path: tuple[Step, ...]) -> "Iterator[Node]":
        """The nodes on the way. Steps that lead nowhere are passed over."""
        node = self
        yield node
        for step in path:
            child = node.child(step)
            if child is not None:
                node = child
                yield node

    def keys(self) -> "dict[str, Entry]":
        """Empty unless it is a mapping."""
        return self.content if isinstance(self.content, dict) else {}

    def items(self) -> "list[Node]":
        """Empty unless it is a list."""
        return self.content if isinstance(self.content, list) else []

    def child(self, step: Step) -> "Node | None":
        if isinstance(step, int):
            return self.items()[step] if step < len(self.items()) else None
        return self.keys()[step].value if step in self.keys() else None


@dataclass(slots=True)
class Entry:
    """A key's place and its value."""

    value: Node
    line: int
    column: int


def read_tree(path: str, text: str, first_line: int = 1) -> tuple[Node, list[Problem]]:
    """The tree of a YAML text that begins on `first_line` of its file. Raises Unusable."""
    reader = Reader(path, first_line, text)
    try:
        return reader.document(), reader.problems
    except yaml.YAMLError as error:
        raise Unusable(broken(error, path, text, first_line)) from None


class Reader:
    """Composes the parser's events into nodes."""

    def __init__(self, path: str, first_line: int, text: str) -> None:
        self.path = path
        self.first_line = first_line
        self.next_event: Callable[[], Any] = yaml.CSafeLoader(text).get_event
        self.problems: list[Problem] = []

    def document(self) -> Node:
        self.next_event()
        if isinstance(self.next_event(), yaml.StreamEndEvent):
            return Node({}, self.first_line, 1)
        node = self.node(self.next_event(), 0)
        self.next_event()
        after = self.next_event()
        if not isinstance(after, yaml.StreamEndEvent):
            raise Unusable(self.problem(SECOND_DOCUMENT, after))
        return node

    def node(self, event: Any, depth: int) -> Node:
        self.refuse(event, depth)
        line, column = self.place(event)
        if isinstance(event, yaml.ScalarEvent):
            return Node(scalar(event), line, column)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self.mapping(depth), line, column)
        return Node(self.sequence(depth), line, column)

    def refuse(self, event: Any, depth: int) -> None:
        if event.anchor:
            raise Unusable(self.problem(ALIAS, event))
        if event.tag:
            raise Unusable(self.problem(TAG, event))
        if depth > DEEPEST:
            raise Unusable(self.problem(TOO_DEEP, event, limit=DEEPEST))

    def mapping(self, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := self.next_event(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(event, depth)
                raise Unusable(self.problem(KEY_NOT_TEXT, event))
            entry = Entry(self.node(self.next_event(), depth + 1), *self.place(event))
            if event.value in entries:
                first = entries[event.value].line
                self.problems.append(self.problem(DUPLICATE_KEY, event, key=event.value, first=first))
            else:
                entries[event.value] = entry
        return entries

    def sequence(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := self.next_event(), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return items

    def place(self, event: yaml.Event) -> tuple[int, int]:
        mark = event.start_mark
        return (mark.line + self.first_line, mark.column + 1) if mark else (self.first_line, 1)

    def problem(self, kind: Kind, event: yaml.Event, **values: object) -> Problem:
        return Problem(kind, Place(self.path, *self.place(event)), values)


def scalar(event: yaml.ScalarEvent) -> str | int | bool | None:
    text: str = event.value
    quoted = not event.implicit[0]
    if quoted:
        return text
    if text in WORDS:
        return WORDS[text]
    return int(text) if WHOLE_NUMBER.fullmatch(text) else text


def broken(error: yaml.YAMLError, path: str, text: str, first_line: int) -> Problem:
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    kind = next((kind for part, kind in BY_MESSAGE if part in said), OTHER)
    starts_there = kind in (UNCLOSED_QUOTE, UNCLOSED_BRACKET, COLON_MISSING)
    mark = getattr(error, "context_mark" if starts_there else "problem_mark", None)
    if mark is None:
        return Problem(kind, Place(path))
    lines = text.split("\n")
    at, column = min(mark.line, len(lines) - 1), mark.column
    for likelier, character, rows in ((TAB, "\t", (at,)), (FULL_WIDTH_COLON, "：", (at, at - 1))):
        for row in rows:
            if row >= 0 and blames(lines[row], character):
                kind, at, column = likelier, row, lines[row].index(character)
                return Problem(kind, Place(path, at + first_line, column + 1))
    return Problem(kind, Place(path, at + first_line, column + 1))


def blames(line: str, character: str) -> bool:
    """Whether a tab stands in the indentation, or a full-width colon where a half-width one is due."""
    if character == "\t":
        return "\t" in line[: len(line) - len(line.lstrip())]
    return re.match(r"\s*(- )?[A-Za-z_-]+：", line) is not None
