"""Closing a report: the file itself is kept, with its digest and what it was of."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from server.record.seals import Seal, newest_seal
from server.reporting.export import Export
from server.storage import tables
from server.storage.engine import writing
from server.storage.ids import new_id
from server.web.access_log import log_access

_WITHOUT_DATA = [column for column in tables.closed_report.c if column.name != "data"]


@dataclass(frozen=True)
class ClosedReport:
    id: str
    at: datetime
    actor: str
    title: str
    day: date
    filters: str
    revision: int
    definitions: int
    file_name: str
    media_type: str
    sha256: str


def close(engine: Engine, export: Export, title: str, *, at: datetime, actor: str) -> str:
    """Returns the id of the closed report. The file is made before anything is written."""
    data = b"".join(export.pieces(engine))
    report_id = new_id()
    with writing(engine, actor) as connection:
        connection.execute(
            insert(tables.closed_report).values(
                id=report_id,
                at=at,
                actor=actor,
                title=title,
                day=export.edition.day,
                filters=export.edition.filters,
                revision=export.seal.number,
                definitions=export.edition.definitions,
                file_name=export.file_name,
                media_type=export.format.media_type,
                sha256=hashlib.sha256(data).hexdigest(),
                data=data,
            )
        )
        log_access(connection, "report-closed", at=at, actor=actor, report=report_id)
    return report_id


def closed_reports(connection: Connection) -> Sequence[ClosedReport]:
    """Newest first."""
    table = tables.closed_report
    rows = connection.execute(select(*_WITHOUT_DATA).order_by(table.c.id.desc()))
    return [_report(row) for row in rows]


def closed_report(connection: Connection, report_id: str) -> tuple[ClosedReport, bytes] | None:
    table = tables.closed_report
    row = connection.execute(select(table).where(table.c.id == report_id)).one_or_none()
    return (_report(row), row.data) if row else None


def newest_revision(connection: Connection) -> int | None:
    newest: Seal | None = newest_seal(connection)
    return newest.number if newest else None


def _report(row: Row[Any]) -> ClosedReport:
    return ClosedReport(**{column.name: row._mapping[column.name] for column in _WITHOUT_DATA})
