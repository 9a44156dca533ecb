"""Which sections a person has opened, and where to go on. Reading is never what completes a module."""

from datetime import datetime

from sqlalchemy import Connection, select

from builder.model.package import PackagedModule
from builder.rendering.links import INTRODUCTION
from server.record.learning import ModuleVersion, is_started, start_module
from server.releases.library import Published
from server.storage import tables
from server.storage.upsert import upsert


def open_section(
    connection: Connection,
    person_id: str,
    module_id: str,
    section_id: str,
    begins: ModuleVersion | None,
    *,
    at: datetime,
) -> None:
    """Keep the reading place; the first section opened of a module begins it."""
    upsert(
        connection,
        tables.reading,
        {"person_id": person_id, "module_id": module_id, "section_id": section_id, "read_at": at},
    )
    if begins is not None:
        start_module(connection, person_id, begins, at=at)


def begun_by_reading(
    connection: Connection, person_id: str, published: Published, module_id: str
) -> ModuleVersion | None:
    """The module that opening a section begins. None for the introduction, or when it is begun already."""
    if module_id == INTRODUCTION:
        return None
    module = published.module_version(module_id)
    return None if is_started(connection, person_id, module) else module


def sections_read(connection: Connection, person_id: str, module_id: str) -> set[str]:
    return set(
        connection.scalars(
            select(tables.reading.c.section_id).where(
                tables.reading.c.person_id == person_id, tables.reading.c.module_id == module_id
            )
        )
    )


def last_place(connection: Connection, person_id: str, module: PackagedModule) -> str | None:
    """The section opened last, of those that the module still has."""
    return connection.scalar(
        select(tables.reading.c.section_id)
        .where(
            tables.reading.c.person_id == person_id,
            tables.reading.c.module_id == module.id,
            tables.reading.c.section_id.in_([section.id for section in module.sections]),
        )
        .order_by(tables.reading.c.read_at.desc())
        .limit(1)
    )
