"""What a report is asked for, in the words of an address or of the command line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from builder.language import N_
from server.record.department_history import Department, DepartmentHistory, Departments
from server.rules.state import State

BAD_DAY = N_("基準日は 2026-04-01 の形で入力してください。")
NO_SUCH_DAY = N_("基準日の日は暦にありません。日を確かめてください。")
FUTURE_DAY = N_("基準日は今日までです。")
NO_SUCH_DEPARTMENT = N_("この所属コードの所属はありません。一覧から選んでください。")
NO_SUCH_STATE = N_("この受講状態はありません。一覧から選んでください。")

TODAY = N_("今日")
MONTH_END = N_("前月末")
YEAR_END = N_("前年度末")

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

STATE_MEANINGS = {
    State.OVERDUE: N_(
        "期限を過ぎても修了していないモジュールが1つでもあります。始めたかどうかは問いません。"
    ),
    State.EXPIRED: N_("修了の有効期間が過ぎたモジュールがあります。"),
    State.UPDATE_DUE: N_("修了したあとに大きく変わり、猶予のうちに受け直すモジュールがあります。"),
    State.COMPLETE: N_("必要なモジュールを、すべて修了しています。"),
    State.IN_PROGRESS: N_("修了したか、始めたモジュールがあり、期限はまだ来ていません。"),
    State.NOT_STARTED: N_("どのモジュールも始めていません。期限はまだ来ていません。"),
    State.EXEMPT: N_("休職などで、必要なモジュールをすべて免除されています。修了率の分母に入りません。"),
    State.NOT_REQUIRED: N_(
        "公開されたコースか受講方針がない日、または配属のない日です。修了率の分母に入りません。"
    ),
}
"""Of the state of the course, in the order in which they are tried, but for those that are asked nothing."""

NOT_YET = (State.OVERDUE, State.NOT_STARTED)
"""Whom HR writes to first."""


@dataclass(frozen=True)
class Filter:
    """`department` stands for itself and all below it; no department, and no states: every one.

    `states` are those of the course. With words to `search` for and no department, whoever has no posting on
    the day is found too.
    """

    day: date
    department: Department | None = None
    states: frozenset[State] = frozenset()
    search: str = ""

    def lets_through(self, state: State) -> bool:
        return not self.states or state in self.states

    def described(self) -> dict[str, object]:
        """As the access log keeps it: that somebody was searched for, and not whom."""
        return {
            "day": self.day.isoformat(),
            "department": self.department.code if self.department else None,
            "states": sorted(self.states),
            **({"searched": True} if self.search else {}),
        }

    @property
    def file_name(self) -> str:
        return self.file_name_of("records")

    def file_name_of(self, report: str) -> str:
        """Of an export: files of different filters differ in it."""
        parts = [
            report,
            self.day.isoformat(),
            self.department.code if self.department else "",
            state_text(*self.states).replace(",", "_"),
            "search" if self.search else "",
        ]
        return re.sub(r"[^\w.-]", "_", "-".join(part for part in parts if part)) + ".csv"


def read_filter(
    given: Mapping[str, str], departments: DepartmentHistory, today: date
) -> tuple[Filter, dict[str, str]]:
    """The filter, and a message for each field that cannot be used, in the order of the form."""
    day, bad_day = _read_day(given.get("day"), today)
    department, bad_department = _read_department(given.get("department"), departments.on(day))
    states, bad_state = _read_states(given.get("state"))
    messages = {"department": bad_department, "state": bad_state, "day": bad_day}
    asked = Filter(day, department, states, given.get("search", ""))
    return asked, {field: text for field, text in messages.items() if text}


def usual_days(today: date) -> dict[str, date]:
    """What HR reports on most: today, the end of the month before, the end of the fiscal year before."""
    ended = date(today.year if today.month > 3 else today.year - 1, 3, 31)
    return {TODAY: today, MONTH_END: today.replace(day=1) - timedelta(days=1), YEAR_END: ended}


def _read_day(text: str | None, today: date) -> tuple[date, str | None]:
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        return today, NO_SUCH_DAY if DAY.fullmatch(text or "") else BAD_DAY
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
