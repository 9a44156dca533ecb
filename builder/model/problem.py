"""A problem that a user can cause: a value with a code, a place, a cause and a hint."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import Literal

from builder.language import N_, Language, translations

Severity = Literal["error", "warning"]
Catalogue = Callable[[Language], NullTranslations]

MEANT = N_("「%(meant)s」のことですか。")


@dataclass(frozen=True)
class Kind:
    """One kind of problem. `cause` and `hint` are messages in Japanese with %(name)s places.

    `lowerable`: whether a course may turn an error of this kind down, because it can be read all the same.
    """

    code: str
    severity: Severity
    cause: str
    hint: str
    lowerable: bool = False


@dataclass(frozen=True, order=True)
class Place:
    """Where: a file relative to the course's root; line and column counted from 1, 0 if the whole file."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Problem:
    kind: Kind
    place: Place
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def severity(self) -> Severity:
        return self.kind.severity

    def cause(self, language: Language, catalogue: Catalogue = translations) -> str:
        """`catalogue`: where messages of this kind are translated; the builder's when missing."""
        return catalogue(language).gettext(self.kind.cause) % self.values

    def hint(self, language: Language, catalogue: Catalogue = translations) -> str:
        """Led by what was probably meant, when `values` has a `meant`."""
        messages = (MEANT, self.kind.hint) if self.values.get("meant") else (self.kind.hint,)
        return "".join(catalogue(language).gettext(message) % self.values for message in messages)


def counts(problems: Iterable[Problem]) -> dict[Severity, int]:
    found = Counter(problem.severity for problem in problems)
    return {"error": found["error"], "warning": found["warning"]}


def in_order(problems: "list[Problem]") -> "list[Problem]":
    """By file, line and column; then by code, so that the order never depends on the checks' order."""
    return sorted(problems, key=lambda problem: (problem.place, problem.code, str(problem.values)))
