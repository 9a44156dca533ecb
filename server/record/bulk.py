"""Many facts about many people at once: the entries and rows of the operations, written by the thousand.

For what fills a database that nobody uses yet. Nothing is checked that an operation would refuse.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert

from server.record.entries import EntryKind
from server.record.learning import ModuleVersion
from server.record.standing import KEPT, rows_of
from server.rules.days import ONE_DAY, day_of, start_of
from server.rules.facts import Facts
from server.storage import tables
from server.storage.ids import new_id

TOGETHER = 20_000
"""Rows that wait for each other."""

ORDER = (tables.entry, tables.posting, tables.leave, tables.completion, *KEPT)


@dataclass
class Bulk:
    """`rows`: how many were written so far."""

    connection: Connection
    actor: str
    rows: int = 0
    waiting: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def posting(
        self, person_id: str, department_id: str, first: date, last: date | None, *, kind: str = "main"
    ) -> None:
        posting_id = new_id()
        body = {
            "posting": posting_id,
            "department": department_id,
            "kind": kind,
            "first": first.isoformat(),
            "appointment": "regular",
            "is_head": False,
        }
        entry_id = self._entry("posting", person_id, start_of(first), body)
        if last is not None:
            ended = {"posting": posting_id, "last": last.isoformat(), "was": None}
            self._entry("posting", person_id, start_of(last + ONE_DAY), ended)
        self._add(
            tables.posting,
            id=posting_id,
            entry_id=entry_id,
            person_id=person_id,
            department_id=department_id,
            kind=kind,
            first_day=first,
            last_day=last,
            appointment="regular",
            is_head=False,
        )

    def leave(self, person_id: str, first: date, last: date) -> None:
        leave_id = new_id()
        body = {"leave": leave_id, "first": first.isoformat(), "last": last.isoformat()}
        entry_id = self._entry("leave", person_id, start_of(first), body)
        self._add(
            tables.leave, id=leave_id, entry_id=entry_id, person_id=person_id, first_day=first, last_day=last
        )

    def started(self, person_id: str, module: ModuleVersion, at: datetime) -> None:
        body = {"version": module.version, "release": module.release}
        self._entry("started", person_id, at, body, module.module_id)

    def completion(self, person_id: str, module: ModuleVersion, at: datetime, department_id: str) -> None:
        completion_id = new_id()
        body = {
            "completion": completion_id,
            "version": module.version,
            "release": module.release,
            "evidence": "quiz",
            "attempt": None,
            "known_department": department_id,
        }
        entry_id = self._entry("completion", person_id, at, body, module.module_id)
        self._add(
            tables.completion,
            id=completion_id,
            entry_id=entry_id,
            person_id=person_id,
            module_id=module.module_id,
            module_version=module.version,
            release=module.release,
            completed_at=at,
            completed_day=day_of(at),
            evidence="quiz",
            attempt_id=None,
            known_department_id=department_id,
            certificate=completion_id[-12:].upper(),
        )

    def standing(self, person_id: str, facts: Facts) -> None:
        """The kept states that follow from all that was told of somebody."""
        for table, rows in rows_of(person_id, facts).items():
            self.waiting[table.name] += rows

    def flush(self, *, is_last: bool = True) -> None:
        """Write what waits, once it is worth it."""
        if not is_last and sum(map(len, self.waiting.values())) < TOGETHER:
            return
        for table in ORDER:
            rows = self.waiting.pop(table.name, [])
            if rows:
                self.connection.execute(insert(table), rows)
                self.rows += len(rows)

    def _entry(
        self,
        kind: EntryKind,
        person_id: str,
        at: datetime,
        body: dict[str, Any],
        module_id: str | None = None,
    ) -> str:
        entry_id = new_id()
        self._add(
            tables.entry,
            id=entry_id,
            kind=kind,
            person_id=person_id,
            module_id=module_id,
            body=body,
            actor=self.actor,
            effective_at=at,
            recorded_at=at,
            payload_digest=None,
        )
        return entry_id

    def _add(self, table: Table, **row: Any) -> None:
        self.waiting[table.name].append(row)
