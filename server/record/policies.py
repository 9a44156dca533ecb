"""Policies: who has to complete which modules, by when."""

from datetime import datetime

from sqlalchemy import Connection

from server.record.entries import append
from server.record.standing import refresh_everybody
from server.rules.days import start_of
from server.rules.facts import Policy


def enter_policy(connection: Connection, policy: Policy, *, at: datetime, actor: str) -> str:
    """Returns the entry's id."""
    body = {
        "first": policy.first.isoformat(),
        "modules": sorted(policy.modules),
        "days": policy.days,
        "grace_days": policy.grace_days,
        "valid_days": policy.valid_days,
    }
    entry_id = append(
        connection, "policy", at=at, actor=actor, effective_at=start_of(policy.first), body=body
    )
    refresh_everybody(connection)
    return entry_id
