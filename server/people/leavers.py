"""Whoever left long ago, and is still named."""

from datetime import date

from sqlalchemy import Connection, or_, select

from server.people.persons import ERASED
from server.storage import tables


def left_before(connection: Connection, day: date) -> list[str]:
    """Whose last main posting ended before the day. Whoever never had one has not left."""
    posting, details = tables.posting, tables.person_details
    goes_on = or_(posting.c.last_day.is_(None), posting.c.last_day >= day)
    stays = (
        select(posting.c.id)
        .where(posting.c.person_id == details.c.person_id, posting.c.kind == "main", goes_on)
        .exists()
    )
    was_there = (
        select(posting.c.id)
        .where(posting.c.person_id == details.c.person_id, posting.c.kind == "main")
        .exists()
    )
    query = select(details.c.person_id).where(~stays, was_there, details.c.name != ERASED)
    return list(connection.scalars(query.order_by(details.c.person_id)))
