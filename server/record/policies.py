"""Policies: who has to complete which modules, by when."""

from datetime import date, datetime

from sqlalchemy import Connection

from server.record.entries import append
from server.record.facts import policies_by_entry
from server.record.standing import refresh_everybody
from server.rules.days import ONE_DAY, Span, may_end, start_of
from server.rules.facts import Policy


class PolicyRefused(ValueError):
    """It ends by then already, or would end more than a day before it begins."""


def enter_policy(connection: Connection, policy: Policy, *, at: datetime, actor: str) -> str:
    """Returns the entry's id."""
    body = {
        "first": policy.first.isoformat(),
        "modules": sorted(policy.modules),
        "days": policy.days,
        "grace_days": policy.grace_days,
        "valid_days": policy.valid_days,
        "last": policy.last.isoformat() if policy.last else None,
        "due": policy.due.isoformat() if policy.due else None,
        "departments": sorted(policy.departments),
        "appointments": sorted(policy.appointments),
    }
    entry_id = append(
        connection, "policy", at=at, actor=actor, effective_at=start_of(policy.first), body=body
    )
    refresh_everybody(connection)
    return entry_id


def end_policy(connection: Connection, policy_id: str, last: date, *, at: datetime, actor: str) -> None:
    """It asks for nothing any more after its last day. What was asked until then stays as it was.

    The eve of its first day: it never asks for anything.
    """
    policy = policies_by_entry(connection)[policy_id]
    if not may_end(Span(policy.first, policy.last), last):
        raise PolicyRefused
    body = {"ends": policy_id, "last": last.isoformat()}
    append(connection, "policy", at=at, actor=actor, effective_at=start_of(last + ONE_DAY), body=body)
    refresh_everybody(connection)
