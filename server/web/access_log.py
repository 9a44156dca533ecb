"""Who did what with accounts and personal data, when. No secret and no answer is ever written here."""

from datetime import datetime

from sqlalchemy import Connection, insert

from server.storage import tables
from server.storage.ids import new_id


def log_access(connection: Connection, action: str, *, at: datetime, actor: str, **details: object) -> None:
    connection.execute(
        insert(tables.access_log).values(id=new_id(), at=at, actor=actor, action=action, details=details)
    )
