"""What entries say, in the form in which the rules take it. Entries come in the order of their ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from server.rules.days import Span, day_of
from server.rules.facts import Exemption, Policy, Release


def policies_from(entries: Iterable[Row[Any]]) -> dict[str, Policy]:
    """Id of the entry → policy, with the last day that a later entry gave it."""
    found: dict[str, Policy] = {}
    for row in entries:
        if "ends" in row.body:
            ended = found[row.body["ends"]]
            found[row.body["ends"]] = replace(ended, last=date.fromisoformat(row.body["last"]))
        else:
            found[row.id] = _policy(row.body)
    return found


def releases_from(entries: Sequence[Row[Any]]) -> tuple[Release, ...]:
    """Of releases and withdrawals: those in force. One that was withdrawn is as if it had never been."""
    withdrawn = {row.body["release"] for row in entries if row.kind == "withdrawal"}
    in_force = [row for row in entries if row.kind == "release" and row.body["release"] not in withdrawn]
    in_force.sort(key=lambda row: row.effective_at)
    return tuple(Release(day_of(row.effective_at), row.body["versions"]) for row in in_force)


def _policy(body: Mapping[str, Any]) -> Policy:
    """Earlier entries say less: what they do not say did not exist yet."""
    due, last = body.get("due"), body.get("last")
    return Policy(
        first=date.fromisoformat(body["first"]),
        modules=frozenset(body["modules"]),
        days=body["days"],
        grace_days=body["grace_days"],
        valid_days=body["valid_days"],
        last=date.fromisoformat(last) if last else None,
        due=date.fromisoformat(due) if due else None,
        departments=frozenset(body.get("departments", ())),
        appointments=frozenset(body.get("appointments", ())),
    )


def exemptions_from(rows: Sequence[Row[Any]]) -> tuple[Exemption, ...]:
    """A later entry may give one its last day."""
    ends = {row.body["ends"]: row.body["last"] for row in rows if "ends" in row.body}
    found = [(row, ends.get(row.id, row.body["last"])) for row in rows if "first" in row.body]
    return tuple(
        Exemption(
            row.module_id,
            Span(date.fromisoformat(row.body["first"]), date.fromisoformat(last) if last else None),
        )
        for row, last in found
    )


def begun_from(rows: Iterable[Row[Any]]) -> dict[str, date]:
    begun: dict[str, date] = {}
    for row in rows:
        day = day_of(row.effective_at)
        begun[row.module_id] = min(day, begun.get(row.module_id, day))
    return begun
