"""Completion rates. They count people, each once, and are never said without n / N."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from server.rules.state import State

NOBODY = "—"
ONE_DECIMAL = Decimal("0.1")
ALMOST_ALL = Decimal("99.9")


@dataclass(frozen=True)
class Totals:
    """How many people are in each state of the course on a day."""

    counts: Mapping[State, int]

    @classmethod
    def of(cls, states: Iterable[State]) -> "Totals":
        return cls(Counter(states))

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def required(self) -> int:
        return self.people - self.counts[State.NOT_REQUIRED] - self.counts[State.EXEMPT]

    @property
    def complete(self) -> int:
        return self.counts[State.COMPLETE]

    @property
    def complete_or_update_due(self) -> int:
        """Whoever has completed before counts too: a major release takes nobody's work away."""
        return self.counts[State.COMPLETE] + self.counts[State.UPDATE_DUE]


def rate_text(part: int, whole: int) -> str:
    """A percentage with one decimal. Never 100.0% while one is missing; without anybody, a dash."""
    if whole == 0:
        return NOBODY
    rounded = (Decimal(100 * part) / whole).quantize(ONE_DECIMAL, ROUND_HALF_UP)
    return f"{min(rounded, ALMOST_ALL) if part < whole else rounded}%"
