"""Days are days in Japan: day D ends at 00:00 JST of the next day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")
ONE_DAY = timedelta(days=1)


def day_of(moment: datetime) -> date:
    return moment.astimezone(JAPAN).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=JAPAN).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment that no longer belongs to the day."""
    return start_of(day + ONE_DAY)


@dataclass(frozen=True)
class Span:
    """From the start of its first day to the end of its last; without a last day it goes on."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def edges(self) -> set[date]:
        """The days on which something changes: the first, and the one after the last."""
        return {self.first} if self.last is None else {self.first, self.last + ONE_DAY}


def without(span: Span, others: Iterable[Span]) -> list[Span]:
    """The parts of a time that lie in none of the others, the earliest first."""
    rest: list[Span] = []
    first: date | None = span.first
    for other in sorted(others, key=lambda each: each.first):
        if first is None or (span.last and other.first > span.last):
            break
        if other.last is not None and other.last < first:
            continue
        if first < other.first:
            rest.append(Span(first, other.first - ONE_DAY))
        first = other.last + ONE_DAY if other.last else None
    if first is not None and (span.last is None or first <= span.last):
        rest.append(Span(first, span.last))
    return rest


def may_end(span: Span, last: date) -> bool:
    """Whether a time may be given this last day: earlier than the one it has, at the earliest the eve of its
    first day, which takes all of it back.
    """
    return span.first - ONE_DAY <= last and (span.last is None or last < span.last)
