"""The completion records as a CSV file: the same bytes from the page and from the command."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine

from server.record.department_history import department_history
from server.reporting.filters import Filter
from server.reporting.queries import ModuleRow, batches_of_people, module_rows
from server.rules.days import JAPAN
from server.storage.engine import reading
from server.web.access_log import log_access
from server.web.csv_file import Cell, encoded
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


def export(engine: Engine, asked: Filter) -> Iterator[bytes]:
    """The file in pieces, from one consistent view of the database."""
    with reading(engine) as connection:
        yield from encoded(_lines(connection, asked))


def _lines(connection: Connection, asked: Filter) -> Iterator[tuple[Cell, ...]]:
    departments = department_history(connection)
    yield HEADER
    for people in batches_of_people(connection, departments, asked):
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
