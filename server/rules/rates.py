"""Rates: what each counts is in its name, and none is said without n / N."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from server.rules.state import State

NOBODY = "—"
ONE_DECIMAL = Decimal("0.1")
ALMOST_ALL = Decimal("99.9")


DEFINITIONS = 1
"""The version of what states and measures mean (docs/reports.md)."""


@dataclass(frozen=True)
class Totals:
    """How many people are in each state of the course on a day, or of one module."""

    counts: Mapping[State, int] = field(default_factory=Counter)

    @classmethod
    def of(cls, states: Iterable[State]) -> "Totals":
        return cls(Counter(states))

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(Counter(self.counts) + Counter(other.counts))

    def __getitem__(self, state: State) -> int:
        return self.counts.get(state, 0)

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def required(self) -> int:
        return self.people - self[State.NOT_REQUIRED] - self[State.EXEMPT]

    @property
    def complete(self) -> int:
        return self[State.COMPLETE]

    @property
    def complete_or_update_due(self) -> int:
        """Whoever has completed before counts too: a major release takes nobody's work away."""
        return self[State.COMPLETE] + self[State.UPDATE_DUE]


@dataclass(frozen=True)
class Duties:
    """Modules that somebody had to complete by a day that has come, each once for each person and due date.

    `on_time`: those completed by that day. A module that was complete from the day on which it was first
    asked for was no duty: there was nothing to do.
    """

    due: int = 0
    on_time: int = 0

    def __add__(self, other: "Duties") -> "Duties":
        return Duties(self.due + other.due, self.on_time + other.on_time)


def rate_text(part: int, whole: int) -> str:
    """A percentage with one decimal. Never 100.0% while one is missing; without anybody, a dash."""
    if whole == 0:
        return NOBODY
    rounded = (Decimal(100 * part) / whole).quantize(ONE_DECIMAL, ROUND_HALF_UP)
    return f"{min(rounded, ALMOST_ALL) if part < whole else rounded}%"
