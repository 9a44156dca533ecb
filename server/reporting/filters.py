"""What a report is asked for, in the words of an address or of the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from builder.language import N_
from server.record.department_history import Department, DepartmentHistory, Departments
from server.rules.state import State

BAD_DAY = N_("基準日は 2026-04-01 の形で入力してください。")
FUTURE_DAY = N_("基準日は今日までです。")
NO_SUCH_DEPARTMENT = N_("この所属コードの所属はありません。一覧から選んでください。")
NO_SUCH_STATE = N_("この受講状態はありません。一覧から選んでください。")

TODAY = N_("今日")
MONTH_END = N_("前月末")
YEAR_END = N_("前年度末")

NOT_YET = (State.OVERDUE, State.NOT_STARTED)
"""Whom HR writes to first."""


@dataclass(frozen=True)
class Filter:
    """`department` stands for itself and all below it; no department, and no states: every one."""

    day: date
    department: Department | None = None
    states: frozenset[State] = frozenset()

    def lets_through(self, state: State) -> bool:
        return not self.states or state in self.states

    def described(self) -> dict[str, object]:
        """As the access log keeps it."""
        return {
            "day": self.day.isoformat(),
            "department": self.department.code if self.department else None,
            "states": sorted(self.states),
        }


def read_filter(
    given: Mapping[str, str], departments: DepartmentHistory, today: date
) -> tuple[Filter, dict[str, str]]:
    """The filter, and a message for each field that cannot be used, in the order of the form."""
    day, bad_day = _read_day(given.get("day"), today)
    department, bad_department = _read_department(given.get("department"), departments.on(day))
    states, bad_state = _read_states(given.get("state"))
    messages = {"department": bad_department, "state": bad_state, "day": bad_day}
    return Filter(day, department, states), {field: text for field, text in messages.items() if text}


def usual_days(today: date) -> dict[str, date]:
    """What HR reports on most: today, the end of the month before, the end of the fiscal year before."""
    ended = date(today.year if today.month > 3 else today.year - 1, 3, 31)
    return {TODAY: today, MONTH_END: today.replace(day=1) - timedelta(days=1), YEAR_END: ended}


def _read_day(text: str | None, today: date) -> tuple[date, str | None]:
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        return today, BAD_DAY
    return (today, FUTURE_DAY) if day > today else (day, None)


def _read_department(code: str | None, departments: Departments) -> tuple[Department | None, str | None]:
    department = departments.with_code(code) if code else None
    return department, NO_SUCH_DEPARTMENT if code and department is None else None


def _read_states(text: str | None) -> tuple[frozenset[State], str | None]:
    """One state, or several with commas between them."""
    try:
        return frozenset(State(word) for word in (text or "").split(",") if word), None
    except ValueError:
        return frozenset(), NO_SUCH_STATE


def state_text(*states: State) -> str:
    """States as an address carries them, in the order of the definition."""
    return ",".join(state for state in State if state in states)
