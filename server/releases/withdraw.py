"""Withdraw a release that was published by mistake: states are computed as if it had never been."""

from datetime import datetime

from sqlalchemy import Connection, update

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from server.record.releases import enter_withdrawal
from server.releases.library import Published, newest, numbers_in_force, release
from server.storage import tables

NOT_THE_NEWEST = Kind(
    "release-not-newest",
    "error",
    N_("版 %(release)s は取り下げられません。取り下げられるのは、今の最新の版（%(newest)s）だけです。"),
    N_("版番号を確かめてください。前の版の中身に戻すときは、版番号を上げて公開します。"),
)


class WithdrawalRefused(Exception):
    """Nothing was withdrawn; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def withdraw(connection: Connection, number: str, *, reason: str, at: datetime, actor: str) -> None:
    """Only the newest release in force: later ones were made from it. Raise WithdrawalRefused.

    Completions of it stay, and an attempt under way goes on in its own module version.
    """
    withdrawable(connection, number)
    connection.execute(
        update(tables.release).where(tables.release.c.number == number).values(withdrawn_at=at)
    )
    enter_withdrawal(connection, number, reason=reason, at=at, actor=actor)


def withdrawable(connection: Connection, number: str) -> Published | None:
    """The release that is in force again afterwards. Raise WithdrawalRefused."""
    current = newest(connection)
    if current is None or current.number != number:
        values = {"release": number, "newest": current.number if current else "—"}
        raise WithdrawalRefused(Problem(NOT_THE_NEWEST, Place(number), values))
    earlier = next((other for other in numbers_in_force(connection) if other != number), None)
    return release(connection, earlier) if earlier else None
