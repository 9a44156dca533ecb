"""A YAML text as a type of the model: every fault is reported, what can be used is kept."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, Generic, TypeVar
from unicodedata import normalize

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from builder.language import N_
from builder.model.base import Model
from builder.model.problem import Kind, Place, Problem
from builder.model.questions.base import BaseQuestion
from builder.sources.quiz_faults import quiz_fault
from builder.sources.tree import Node, Step, read_tree

UNKNOWN_KEY = Kind(
    "key-unknown",
    "error",
    N_("知らないキー「%(key)s」があります。"),
    N_("ここで使えるキーは %(known)s です。"),
)
MISSING_KEY = Kind(
    "key-missing",
    "error",
    N_("キー「%(key)s」がありません。"),
    N_("「%(key)s:」の行を加えます。"),
)
UNKNOWN_TYPE = Kind(
    "question-type-unknown",
    "error",
    N_("設問の種類「%(given)s」はありません。"),
    N_("使える種類は %(known)s です。"),
)
EMPTY = Kind("value-empty", "error", N_("「%(key)s」に値がありません。"), N_("コロンの後に値を書きます。"))
NOT_TEXT = Kind(
    "value-not-text",
    "error",
    N_("「%(key)s」の値が文字列ではありません。"),
    N_("文字列を書きます。数字だけの文や true・false は引用符（'…'）で囲みます。"),
)
NOT_NUMBER = Kind(
    "value-not-number",
    "error",
    N_("「%(key)s」の値「%(given)s」は数ではありません。"),
    N_("半角の整数を、0 から始めず、単位や引用符なしで書きます。"),
)
NOT_BOOLEAN = Kind(
    "value-not-boolean",
    "error",
    N_("「%(key)s」の値「%(given)s」は true でも false でもありません。"),
    N_("true（正しい・はい）か false（誤り・いいえ）を、引用符なしで書きます。"),
)
NOT_LIST = Kind(
    "value-not-list",
    "error",
    N_("「%(key)s」の値が並びではありません。"),
    N_("項目を「- 」で始まる行に並べるか、[ ] の中にコンマで区切って書きます。"),
)
NOT_MAPPING = Kind(
    "value-not-mapping",
    "error",
    N_("「%(key)s」の値がキーと値の組ではありません。"),
    N_("「キー: 値」の行を並べます。"),
)
TOO_FEW = Kind(
    "list-too-short",
    "error",
    N_("「%(key)s」の項目が足りません（%(count)d 個）。"),
    N_("少なくとも %(least)d 個書きます。"),
)
TOO_LONG = Kind(
    "value-too-long",
    "error",
    N_("「%(key)s」の値「%(given)s」は長すぎます。"),
    N_("%(most)d 字までで書きます。"),
)
TOO_SMALL = Kind(
    "value-out-of-range",
    "error",
    N_("「%(key)s」の値 %(given)s は小さすぎます。"),
    N_("%(limit)s 以上の数を書きます。"),
)
TOO_LARGE = Kind(
    "value-out-of-range",
    "error",
    N_("「%(key)s」の値 %(given)s は大きすぎます。"),
    N_("%(limit)s 以下の数を書きます。"),
)
UNKNOWN_VALUE = Kind(
    "value-unknown",
    "error",
    N_("「%(key)s」に「%(given)s」は使えません。"),
    N_("使える値は %(known)s です。"),
)
UNUSABLE_VALUE = Kind(
    "value-unusable",
    "error",
    N_("「%(key)s」の値「%(given)s」は使えません。"),
    N_("説明にある書き方を確かめます。"),
)
PATTERNS = {
    "a-z0-9]+(-": N_("英小文字と数字の語を、ハイフンでつないで書きます（例: customer-view）。"),
    "^[0-9]{4}-": N_("年-月-日の形で書きます（例: 2026-12-01）。"),
    "@": N_("条の id と指針の版を @ でつないで書きます（例: jukkajo-1@1.0.0）。"),
    "^S": N_("S と数字で書きます（例: S20）。"),
    "^(0|": N_("三つの数を点でつないで書きます（例: 1.0.0）。"),
}
"""A part of each pattern of the model, and how to write such a value."""

KINDS = {
    "string_type": NOT_TEXT,
    "int_type": NOT_NUMBER,
    "bool_type": NOT_BOOLEAN,
    "tuple_type": NOT_LIST,
    "dict_type": NOT_MAPPING,
    "model_type": NOT_MAPPING,
    "model_attributes_type": NOT_MAPPING,
    "string_too_short": EMPTY,
    "string_too_long": TOO_LONG,
    "too_short": TOO_FEW,
    "greater_than_equal": TOO_SMALL,
    "less_than_equal": TOO_LARGE,
    "literal_error": UNKNOWN_VALUE,
}

YES = ("はい", "○", "〇", "正しい", "yes", "on", "y", "1", "true")
NO = ("いいえ", "×", "誤り", "no", "off", "n", "0", "false")


def probable_boolean(given: object) -> str | None:
    word = normalize("NFKC", str(given)).strip().lower()
    return "true" if word in YES else "false" if word in NO else None


def probable_number(given: object) -> str | None:
    """In full-width digits, with zeros before it, with its unit, or in quotation marks."""
    digits = re.fullmatch(r"0*([0-9]+)\s*[^\W\d_]?", normalize("NFKC", str(given)).strip())
    return digits[1] if digits else None


SLIPS = {NOT_BOOLEAN: probable_boolean, NOT_NUMBER: probable_number}
"""What was probably meant by a value of the wrong type."""

MAPPING_KEY = "[key]"
"""How pydantic says that a key, and not its value, is at fault."""

SETTINGS = "checks"
"""The key of what may always be left out."""

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Document(Generic[M]):
    """A value and where each part of it was written.

    What could not be used was left out of the value; `shortened` says of which lists.
    `read_tree`: the text as it was written, which is asked for only when there is something to say of it.
    """

    path: str
    value: M
    read_tree: Callable[[], Node]
    cut: frozenset[int] = field(default_factory=frozenset)

    @cached_property
    def tree(self) -> Node:
        return self.read_tree()

    def place(self, *path: Step) -> Place:
        """Of the value at a path; of the nearest thing around it when it was not written."""
        *_, node = self.tree.follow(path)
        return Place(self.path, node.line, node.column)

    def shortened(self, *path: Step) -> bool:
        if not self.cut:
            return False
        *_, node = self.tree.follow(path)
        return id(node) in self.cut


def read_document(
    model: type[M], path: str, text: str, first_line: int = 1
) -> tuple[Document[M] | None, list[Problem]]:
    """Raises Unusable when the text is no YAML."""
    tree, problems = read_tree(path, text, first_line)
    document, faults = Validation(model, path, tree).run()
    return document, problems + faults


class Validation(Generic[M]):
    """Validates again and again: slips are mended for the rest of the run, then what is unusable is cut."""

    def __init__(self, model: type[M], path: str, tree: Node) -> None:
        self.model = model
        self.path = path
        self.tree = tree
        self.problems: list[Problem] = []
        self.cut: set[int] = set()

    def run(self) -> tuple[Document[M] | None, list[Problem]]:
        result = self.validate()
        while isinstance(result, list) and [error for error in result if self.mend(error)]:
            result = self.validate()
        if isinstance(result, list):
            self.problems += [self.problem(error) for error in result]
        while isinstance(result, list):
            if not self.cut_out(result):
                return None, self.problems
            result = self.validate()
        return Document(self.path, result, lambda: self.tree, frozenset(self.cut)), self.problems

    def validate(self) -> M | list[ErrorDetails]:
        try:
            # In JSON a list may stand for a tuple; otherwise the model is strict about types.
            return self.model.model_validate_json(json.dumps(self.tree.plain()))
        except ValidationError as error:
            return error.errors(include_url=False)

    def mend(self, error: ErrorDetails) -> bool:
        """Report a slip of the pen and take what was probably meant. Says whether it could."""
        if error["type"] == "extra_forbidden":
            *_, parent = self.tree.follow(error["loc"][:-1])
            self.rename(parent, str(error["loc"][-1]), known_keys(self.model, error["loc"][:-1]))
            return True
        *_, node = self.tree.follow(error["loc"])
        if error["type"] == "union_tag_not_found":
            misspelt = get_close_matches("type", node.keys(), n=1)
            for key in misspelt:
                self.rename(node, key, list(BaseQuestion.model_fields))
            return bool(misspelt)
        if error["type"] == "union_tag_invalid":
            return self.retype(node, error)
        return False

    def rename(self, parent: Node, key: str, known: list[str]) -> None:
        keys = parent.keys()
        entry = keys.pop(key)
        meant = next(iter(get_close_matches(key, [name for name in known if name not in keys], n=1)), None)
        if meant:
            keys[meant] = entry
        values = {"key": key, "known": ", ".join(known), "meant": meant}
        self.problems.append(Problem(UNKNOWN_KEY, Place(self.path, entry.line, entry.column), values))

    def retype(self, question: Node, error: ErrorDetails) -> bool:
        known, given = quoted(error["ctx"]["expected_tags"]), str(error["ctx"]["tag"])
        meant = next(iter(get_close_matches(given, known, n=1, cutoff=0.75)), None)
        kind = question.child("type")
        if meant is None or kind is None:
            return False
        kind.content = meant
        values = {"given": given, "known": ", ".join(known), "meant": meant}
        self.problems.append(Problem(UNKNOWN_TYPE, Place(self.path, kind.line, kind.column), values))
        return True

    def problem(self, error: ErrorDetails) -> Problem:
        path = tuple(step for step in error["loc"] if step != MAPPING_KEY)
        if error["type"].startswith("union_tag"):
            path = (*path, "type")
        *_, node = self.tree.follow(path)
        keys = [step for step in path if isinstance(step, str)]
        kind, values = explain(error, keys)
        fault = quiz_fault(error, keys)
        if fault:
            kind, values = fault, self.in_quiz(error, path)
        return Problem(kind, Place(self.path, node.line, node.column), values)

    def in_quiz(self, error: ErrorDetails, path: tuple[Step, ...]) -> dict[str, object]:
        """The ids of the objective and the question around a fault, and how many values are given."""
        given = error["input"]
        values: dict[str, object] = {"count": len(given) if isinstance(given, list) else 0}
        for name, depth in (("objective", 2), ("question", 4)):
            *_, around = self.tree.follow(path[:depth])
            written = around.child("id")
            values[name] = written.content if written else "?"
        return values

    def cut_out(self, errors: list[ErrorDetails]) -> bool:
        """Take settings, or the nearest list item around each error, out. Says whether it could for all."""
        items = [self.nearest_item(error["loc"]) for error in errors if not self.unset(error["loc"])]
        for around, unusable in filter(None, items):
            around.content = [item for item in around.items() if item is not unusable]
            self.cut.add(id(around))
        return None not in items

    def unset(self, path: tuple[Step, ...]) -> bool:
        """A setting that cannot be used has its default, so that it hides nothing else."""
        if path[:1] != (SETTINGS,):
            return False
        *around, key = (step for step in path if step != MAPPING_KEY)
        *_, parent = self.tree.follow(tuple(around))
        return parent.keys().pop(str(key), None) is not None

    def nearest_item(self, path: tuple[Step, ...]) -> tuple[Node, Node] | None:
        nodes = list(self.tree.follow(path))
        pairs = reversed(list(pairwise(nodes)))
        return next(((around, item) for around, item in pairs if isinstance(around.content, list)), None)


def explain(error: ErrorDetails, keys: list[str]) -> tuple[Kind, dict[str, object]]:
    """The kind of problem that a fault found by pydantic is, and the values of its message."""
    details: dict[str, Any] = error.get("ctx", {})
    values: dict[str, object] = {"key": keys[-1] if keys else "", "given": error["input"]}
    if error["type"] in ("missing", "union_tag_not_found"):
        return MISSING_KEY, values
    if error["type"] == "union_tag_invalid":
        known = quoted(details["expected_tags"])
        return UNKNOWN_TYPE, {"given": details["tag"], "known": ", ".join(known)}
    if error["input"] is None:
        return EMPTY, values
    kind = KINDS.get(error["type"], UNUSABLE_VALUE)
    if kind in SLIPS:
        return kind, values | {"meant": SLIPS[kind](error["input"])}
    if kind is UNKNOWN_VALUE:
        known = quoted(details["expected"])
        meant = next(iter(get_close_matches(str(error["input"]), known, n=1)), None)
        return kind, values | {"known": ", ".join(known), "meant": meant}
    if error["type"] == "string_pattern_mismatch":
        kind = next(replace(kind, hint=hint) for part, hint in PATTERNS.items() if part in details["pattern"])
    return kind, values | {
        "limit": details.get("ge", details.get("le")),
        "least": details.get("min_length"),
        "most": details.get("max_length"),
        "count": details.get("actual_length"),
    }


def quoted(message: str) -> list[str]:
    """The names in a list such as `'single', 'multiple' or 'ordering'`."""
    return re.findall(r"'([^']*)'", message)


def known_keys(model: type[Model], path: tuple[Step, ...]) -> list[str]:
    """The keys that the mapping at a path may have, in the order of the model."""
    schema = json_schema(model)
    here: dict[str, Any] = schema
    for step in path:
        here = inner_schema(resolve(schema, here), step)
    return list(resolve(schema, here).get("properties", {}))


@cache
def json_schema(model: type[Model]) -> dict[str, Any]:
    return model.model_json_schema()


def resolve(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in here:
        return here
    resolved: dict[str, Any] = schema["$defs"][here["$ref"].removeprefix("#/$defs/")]
    return resolved


def inner_schema(here: dict[str, Any], step: Step) -> dict[str, Any]:
    if isinstance(step, int):
        return dict(here.get("items", {}))
    tagged = here.get("discriminator", {}).get("mapping", {})
    if step in tagged:
        return {"$ref": tagged[step]}
    return dict(here.get("properties", {}).get(step, {}))
