"""Days are days in Japan: day D ends at 00:00 JST of the next day."""

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


def may_end(span: Span, last: date) -> bool:
    """Whether a time may be given this last day: earlier than the one it has, at the earliest the eve of its
    first day, which takes all of it back.
    """
    return span.first - ONE_DAY <= last and (span.last is None or last < span.last)
