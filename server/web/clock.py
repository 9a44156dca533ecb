"""The one clock. Views and commands read it and hand the moment to operations."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from server.rules.days import day_of

_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The day in Japan."""
    return day_of(now())


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Stop the clock at a moment, for a test or for the sample history."""
    token = _fixed.set(at)
    try:
        yield
    finally:
        _fixed.reset(token)
