"""That a release was published, with the module versions that count from then on; that it was withdrawn."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from server.record.entries import append
from server.record.standing import refresh_everybody


def enter_release(
    connection: Connection,
    number: str,
    versions: Mapping[str, str],
    content_digest: str,
    *,
    at: datetime,
    actor: str,
) -> None:
    body = {"release": number, "versions": dict(versions), "content_digest": content_digest}
    append(connection, "release", at=at, actor=actor, body=body)
    refresh_everybody(connection)


def enter_withdrawal(connection: Connection, number: str, *, reason: str, at: datetime, actor: str) -> None:
    """From now on states are computed as if the release had never been. Completions of it stay."""
    append(connection, "withdrawal", at=at, actor=actor, body={"release": number}, payload={"reason": reason})
    refresh_everybody(connection)
