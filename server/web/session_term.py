"""How long somebody stays signed in, and from when the page warns that it ends."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last sight is kept: a write for each request would cost more than it tells."""

LONGEST_WARNING = timedelta(minutes=2)
SHORTEST_WARNING = timedelta(seconds=20)
"""WCAG 2.2, success criterion 2.2.1: time enough to press a button."""


@dataclass(frozen=True)
class Term:
    """It ends `idle` after the last sight, and never later than `longest` after the sign-in."""

    began_at: datetime
    seen_at: datetime
    idle: timedelta
    longest: timedelta

    @property
    def ends_at(self) -> datetime:
        return min(self.seen_at + self.idle, self.last_end)

    @property
    def last_end(self) -> datetime:
        return self.began_at + self.longest

    @property
    def is_extendable(self) -> bool:
        return self.ends_at < self.last_end

    @property
    def warning(self) -> timedelta:
        """How long before the end it is said: a fifth of the idle time, within reason."""
        return max(min(self.idle / 5, LONGEST_WARNING), SHORTEST_WARNING)

    def left(self, at: datetime) -> timedelta:
        return max(self.ends_at - at, timedelta())

    def until_warning(self, at: datetime) -> timedelta:
        return max(self.left(at) - self.warning, timedelta())

    def is_stale(self, at: datetime) -> bool:
        return at - self.seen_at >= min(SEEN_EVERY, self.idle / 5)

    def seen(self, at: datetime) -> "Term":
        return replace(self, seen_at=at)
