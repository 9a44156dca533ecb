"""The list on the desk: between its check and its import the server keeps it, for a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from server.people.alarms import Alarm, alarms
from server.people.roster import RosterPlan, plan
from server.people.roster_file import COLUMNS, IGNORED, RosterFile, read_roster
from server.people.roster_imports import lines_last_time
from server.record.entries import Doing, newest_of_the_office, since
from server.storage import tables
from server.storage.ids import new_id
from server.storage.upsert import upsert

KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Checked:
    """A list and what it would do; `plan` is None while the list cannot be read.

    `changed_since`: what others entered after it was checked first: then it has to be checked again.
    """

    id: str
    file_name: str
    file: RosterFile
    plan: RosterPlan | None
    alarms: list[Alarm]
    changed_since: list[Doing]

    @property
    def may_be_applied(self) -> bool:
        return self.plan is not None and self.plan.may_be_applied and not self.plan.is_empty


class NoSuchUpload(LookupError):
    """It was taken in, thrown away, or forgotten."""


def put_on_the_desk(connection: Connection, data: bytes, file_name: str, *, at: datetime, actor: str) -> str:
    upload = tables.roster_upload
    connection.execute(delete(upload).where(upload.c.at < at - KEPT))
    upload_id = new_id()
    connection.execute(
        insert(upload).values(
            id=upload_id,
            at=at,
            actor=actor,
            file_name=file_name[-200:],
            data=data,
            seen_entry=newest_of_the_office(connection),
        )
    )
    return upload_id


def checked(
    connection: Connection, upload_id: str, actor: str, today: date, reused: Collection[str] = ()
) -> Checked:
    """Raise NoSuchUpload, also for somebody else's."""
    upload = tables.roster_upload
    row = connection.execute(
        select(upload).where(upload.c.id == upload_id, upload.c.actor == actor)
    ).one_or_none()
    if row is None:
        raise NoSuchUpload(upload_id)
    file = read_roster(row.data, row.file_name, headings(connection))
    if file.problems:
        return Checked(upload_id, row.file_name, file, None, [], [])
    planned = plan(connection, file.rows, row.file_name, today, reused=reused)
    unusual = alarms(planned, len(file.rows), lines_last_time(connection))
    return Checked(upload_id, row.file_name, file, planned, unusual, since(connection, row.seen_entry))


def check_again(connection: Connection, upload_id: str) -> None:
    """From now on it is held against what is known now."""
    upload = tables.roster_upload
    connection.execute(
        update(upload).where(upload.c.id == upload_id).values(seen_entry=newest_of_the_office(connection))
    )


def throw_away(connection: Connection, upload_id: str) -> None:
    connection.execute(delete(tables.roster_upload).where(tables.roster_upload.c.id == upload_id))


def headings(connection: Connection) -> dict[str, str]:
    """What headings mean that are not ours, as it was told before."""
    rows = connection.execute(select(tables.roster_heading))
    return {row.heading: row.meaning for row in rows}


def remember(connection: Connection, meanings: Mapping[str, str]) -> None:
    """Heading → column or IGNORED; what is neither is passed over."""
    for heading, meaning in meanings.items():
        if meaning == IGNORED or meaning in COLUMNS:
            upsert(connection, tables.roster_heading, {"heading": heading, "meaning": meaning})
