"""A policy as HR types it, and what is wrong with what was typed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from builder.language import N_
from server.record.department_history import Departments
from server.rules.days import Span, may_end
from server.rules.facts import Policy
from server.web.day_fields import BAD_DAY, BAD_END, LAST_BEFORE_FIRST, read_day
from server.web.words import APPOINTMENTS

NEEDS_FIRST = N_("いつから始めるかを入力してください。")
BAD_NUMBER = N_("日数は 1〜3650 の数で入力してください。")
DUE_BEFORE_FIRST = N_("期限の日は、始まりの日より前にできません。")
UNKNOWN_CHOICE = N_("一覧にあるものから選んでください。")

MOST_DAYS = 3650


@dataclass(frozen=True)
class Typed:
    """`policy` is None where there is an error. Field → message."""

    policy: Policy | None
    errors: dict[str, str]


def read_policy(given: MultiDict[str, str], departments: Departments, modules: Collection[str]) -> Typed:
    errors: dict[str, str] = {}
    first = read_day(given, "first", errors)
    if first is None and "first" not in errors:
        errors["first"] = NEEDS_FIRST
    last, due = read_day(given, "last", errors), read_day(given, "due", errors)
    numbers = {field: _number(given, field, errors) for field in ("days", "grace_days", "valid_days")}
    for field in ("days", "grace_days"):
        if numbers[field] is None:
            errors.setdefault(field, BAD_NUMBER)
    department = departments.with_code(given["department"]) if given.get("department") else None
    if given.get("department") and department is None:
        errors["department"] = UNKNOWN_CHOICE
    chosen = _chosen(given, "module", modules, errors)
    appointments = _chosen(given, "appointment", APPOINTMENTS, errors)
    if first and last and last < first:
        errors["last"] = LAST_BEFORE_FIRST
    if first and due and due < first:
        errors["due"] = DUE_BEFORE_FIRST
    if errors or first is None:
        return Typed(None, errors)
    return Typed(
        Policy(
            first=first,
            modules=chosen,
            days=numbers["days"] or 0,
            grace_days=numbers["grace_days"] or 0,
            valid_days=numbers["valid_days"],
            last=last,
            due=due,
            departments=frozenset({department.id}) if department else frozenset(),
            appointments=appointments,
        ),
        {},
    )


def read_last_day(given: Mapping[str, str], policy: Policy) -> tuple[date | None, dict[str, str]]:
    """The day is None where there is an error."""
    errors: dict[str, str] = {}
    last = read_day(given, "last", errors)
    if last is None:
        errors.setdefault("last", BAD_DAY)
    elif not may_end(Span(policy.first, policy.last), last):
        errors["last"] = BAD_END
    return (None if errors else last), errors


def _number(given: Mapping[str, str], field: str, errors: dict[str, str]) -> int | None:
    text = given.get(field, "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        errors[field] = BAD_NUMBER
        return None
    return int(text)


def _chosen(
    given: MultiDict[str, str], field: str, known: Collection[str], errors: dict[str, str]
) -> frozenset[str]:
    chosen = frozenset(given.getlist(field))
    if not chosen <= set(known):
        errors[field] = UNKNOWN_CHOICE
    return chosen
