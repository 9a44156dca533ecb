"""The completion records as a file: the same bytes from the page and from the command.

Whatever is in it is sealed. An export seals first; of those about whom something came meanwhile, and of
everybody where an earlier revision is asked for, it tells what the sealed entries say.
"""

import heapq
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from server.record.department_history import department_history
from server.record.seals import Seal
from server.reporting.columns import AnyColumn, Value, seen_by, values_of
from server.reporting.edition import Edition
from server.reporting.filters import Filter
from server.reporting.formats import Format
from server.reporting.known import Known, came_later, details_of
from server.reporting.module_rows import ModuleRow, module_rows, modules_on
from server.reporting.people import batches_of_people, page_of_people
from server.rules.readings import sort_key
from server.storage.engine import reading
from server.web.access_log import log_access
from server.web.permissions import EVERY_FIELD, Field

OfOne = Sequence[ModuleRow]
"""All rows of one person."""


def is_large(connection: Connection, asked: Filter, rows: int) -> bool:
    """Whether the file would have more lines than these."""
    people = page_of_people(connection, department_history(connection), asked, 0, 1).number
    return people * len(modules_on(connection, asked.day)) > rows


def log_export(connection: Connection, asked: Filter, *, at: datetime, actor: str, **details: object) -> None:
    log_access(connection, "records-exported", at=at, actor=actor, **asked.described(), **details)


@dataclass(frozen=True)
class Export:
    """`seal`: of the revision at which everything was known. `fields`: those that its reader may see."""

    asked: Filter
    seal: Seal
    format: Format
    fields: Collection[Field] = EVERY_FIELD

    @property
    def edition(self) -> Edition:
        return Edition(self.asked, self.seal)

    @property
    def file_name(self) -> str:
        return self.asked.file_name.removesuffix(".csv") + self.format.suffix

    def pieces(self, engine: Engine, each: Callable[[], None] = lambda: None) -> Iterator[bytes]:
        """The file, from one consistent view of the database. `each` is called after each person."""
        with reading(engine) as connection:
            columns = seen_by(self.fields)
            yield from self.format.write(self.edition, columns, self._values(connection, columns, each))

    def _values(
        self, connection: Connection, columns: Sequence[AnyColumn], each: Callable[[], None]
    ) -> Iterator[tuple[Value, ...]]:
        return values_of(self._rows(connection, each), self.edition, columns)

    def _rows(self, connection: Connection, each: Callable[[], None]) -> Iterator[ModuleRow]:
        for of_one in self._people(connection):
            yield from of_one
            each()

    def _people(self, connection: Connection) -> Iterator[OfOne]:
        later = came_later(connection, self.seal.number)
        known = Known.at(connection, self.seal.number, self.asked)
        if later.is_everybody:
            return known.rows(details_of(connection))
        told = known.rows(details_of(connection, later.people)) if later.people else iter(())
        return _merged(self._kept(connection, later.people), told)

    def _kept(self, connection: Connection, left_out: frozenset[str]) -> Iterator[OfOne]:
        """As the kept states say."""
        departments = department_history(connection)
        for people in batches_of_people(connection, departments, self.asked):
            chosen = [person for person in people if person.id not in left_out]
            rows: dict[str, list[ModuleRow]] = {person.id: [] for person in chosen}
            for row in module_rows(connection, departments, self.asked.day, chosen):
                rows[row.person.id].append(row)
            yield from rows.values()


def _merged(one: Iterator[OfOne], other: Iterator[OfOne]) -> Iterator[OfOne]:
    """Both are in order, and so is what comes of them."""
    return heapq.merge((rows for rows in one if rows), (rows for rows in other if rows), key=_key)


def _key(of_one: OfOne) -> bytes:
    person = of_one[0].person
    return sort_key(person.reading, person.number)
