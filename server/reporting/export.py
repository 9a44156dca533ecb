"""The completion records as a CSV file: the same bytes from the page and from the command."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine

from server.record.department_history import department_history
from server.reporting.columns import EVERY_FIELD, only_seen
from server.reporting.filters import Filter
from server.reporting.queries import ModuleRow, module_rows, modules_on, people_asked_for
from server.rules.days import JAPAN
from server.storage.engine import reading
from server.web.access_log import log_access
from server.web.csv_file import Cell, encoded
from server.web.permissions import Field
from server.web.words import EVIDENCE_WORDS, STATE_WORDS

HEADER = (
    "職員番号",
    "氏名",
    "当時所属",
    "現所属",
    "モジュール",
    "モジュールの版",
    "受講状態",
    "期限",
    "修了日時",
    "根拠",
)
"""In Japanese whatever the language of the page: whoever reads the file knows columns by these names."""


def log_export(connection: Connection, asked: Filter, *, at: datetime, actor: str, **details: object) -> None:
    log_access(connection, "records-exported", at=at, actor=actor, **asked.described(), **details)


def export(engine: Engine, asked: Filter, fields: Collection[Field] = EVERY_FIELD) -> Iterator[bytes]:
    """The file in pieces, from one consistent view of the database; of the fields only these."""
    with reading(engine) as connection:
        yield from encoded(only_seen(_lines(connection, asked), fields))


def is_large(connection: Connection, asked: Filter, rows: int) -> bool:
    """Whether the file would have more lines than these."""
    people = people_asked_for(connection, department_history(connection), asked).listed
    return len(people) * len(modules_on(connection, asked.day)) > rows


def _lines(connection: Connection, asked: Filter) -> Iterator[tuple[Cell, ...]]:
    departments = department_history(connection)
    people = people_asked_for(connection, departments, asked).listed
    yield HEADER
    for row in module_rows(connection, departments, asked.day, people):
        yield _line(row)


def _line(row: ModuleRow) -> tuple[Cell, ...]:
    done = row.completed
    return (
        row.person.number,
        row.person.name,
        done.department if done else None,
        row.person.department,
        row.module.title,
        done.version if done else None,
        STATE_WORDS[row.stand.state],
        row.stand.due.isoformat() if row.stand.due else None,
        f"{done.at.astimezone(JAPAN):%Y-%m-%d %H:%M}" if done else None,
        EVIDENCE_WORDS[done.evidence] if done else None,
    )
