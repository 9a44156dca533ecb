"""The one place where ids come from. They sort by the time they were made, which keeps indexes small."""

from collections.abc import Callable
from secrets import token_urlsafe

from uuid_utils import uuid7

_source: Callable[[], str] = lambda: uuid7().hex  # noqa: E731


def new_id() -> str:
    return _source()


def new_token() -> str:
    """A secret for a link or a session: 256 random bits."""
    return token_urlsafe(32)


def use_source(source: Callable[[], str]) -> Callable[[], str]:
    """Take ids from elsewhere (a test fixes them). Returns the source used so far."""
    global _source
    earlier, _source = _source, source
    return earlier
