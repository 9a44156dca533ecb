"""What HR asks to be corrected, as a value: looked at, entered at once, or left to a second one of HR."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.record.entries import agreed_by
from server.record.standing import COURSE, states_of
from server.releases.library import modules_on
from server.rules.state import State
from server.web import clock


@dataclass(frozen=True)
class Change:
    """`arguments`: ids, days and codes, as JSON takes them. `people`: whom it is about."""

    kind: str
    people: Sequence[str]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


class ChangeRefused(ValueError):
    """It does not fit what is entered by now. `message` says why, to whoever asked for it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Kind:
    """`words`: the change in a sentence. `enter`: into the record; may raise ChangeRefused. `done`: what is
    said afterwards.
    """

    words: Callable[[Connection, Change], str]
    enter: Callable[[Connection, Change, datetime, str], None]
    done: str


@dataclass(frozen=True)
class Move:
    """A state of today, of a module or of the course, that becomes another one."""

    person_id: str
    module_id: str
    before: State
    after: State


def enter(
    connection: Connection, kind: Kind, change: Change, *, actor: str, agreed: str | None = None
) -> None:
    """`agreed`: the second one of HR, whom every entry then names."""
    with agreed_by(connection, agreed):
        kind.enter(connection, change, clock.now(), actor)


def moves_of(connection: Connection, kind: Kind, change: Change, actor: str) -> list[Move]:
    """What it would move today. It is entered, looked at, and taken out again. May raise ChangeRefused."""
    before, modules = _states(connection, change.people), [*modules_on(connection, clock.today())]
    with _supposed(connection):
        kind.enter(connection, change, clock.now(), actor)
        after = _states(connection, change.people)
    return [
        Move(person_id, module_id, before.get((person_id, module_id), State.NOT_REQUIRED), state)
        for (person_id, module_id), state in _all(before, after, modules)
        if before.get((person_id, module_id), State.NOT_REQUIRED) is not state
    ]


States = dict[tuple[str, str], State]


def _states(connection: Connection, people: Iterable[str]) -> States:
    return {
        (person_id, module_id): standing.state
        for person_id in people
        for module_id, standing in states_of(connection, person_id, clock.today()).items()
    }


def _all(before: States, after: States, modules: Sequence[str]) -> Iterator[tuple[tuple[str, str], State]]:
    """Of each person the modules in the order of the course, then the course."""
    place = {module_id: number for number, module_id in enumerate(modules)}
    keys = sorted(
        {*before, *after}, key=lambda key: (key[0], key[1] == COURSE, place.get(key[1], len(place)), key[1])
    )
    return ((key, after.get(key, State.NOT_REQUIRED)) for key in keys)


@contextmanager
def _supposed(connection: Connection) -> Iterator[None]:
    """Nothing of what is entered meanwhile stays."""
    transaction = connection.begin_nested()
    try:
        yield
    finally:
        transaction.rollback()
