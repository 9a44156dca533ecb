"""How states and kinds are said on screen and in exports, and how days and times are written."""

from datetime import date, datetime

from builder.language import N_
from server.rules.days import JAPAN
from server.rules.state import State
from server.web.language import current_language, gettext

STATE_WORDS = {
    State.NOT_REQUIRED: N_("対象外"),
    State.EXEMPT: N_("免除"),
    State.COMPLETE: N_("修了"),
    State.UPDATE_DUE: N_("更新要"),
    State.EXPIRED: N_("失効"),
    State.OVERDUE: N_("期限超過"),
    State.IN_PROGRESS: N_("受講中"),
    State.NOT_STARTED: N_("未着手"),
}

EVIDENCE_WORDS = {"quiz": N_("確認テスト合格"), "offline": N_("集合研修")}

APPOINTMENTS = {
    "regular": N_("通常"),
    "fiscal-year": N_("会計年度任用"),
    "seconded-in": N_("出向受入"),
    "seconded-out": N_("出向派遣"),
}

KIND_WORDS = {
    "department": N_("所属の変更"),
    "posting": N_("配属"),
    "leave": N_("休職"),
    "exemption": N_("免除"),
    "policy": N_("受講方針"),
    "release": N_("コースの公開"),
    "withdrawal": N_("公開の取り下げ"),
    "correction": N_("訂正"),
    "started": N_("受講の開始"),
    "submitted": N_("受験"),
    "completion": N_("修了"),
    "confirmation": N_("変更の確認"),
    "erasure": N_("消去"),
}
"""What an entry tells of."""

WEEKDAYS = (N_("月"), N_("火"), N_("水"), N_("木"), N_("金"), N_("土"), N_("日"))


def state_word(state: State) -> str:
    return gettext(STATE_WORDS[State(state)])


def evidence_word(evidence: str) -> str:
    return gettext(EVIDENCE_WORDS[evidence])


def appointment_word(appointment: str) -> str:
    return gettext(APPOINTMENTS[appointment])


def kind_word(kind: str) -> str:
    return gettext(KIND_WORDS[kind])


def day_text(day: date) -> str:
    """2026年11月23日（月）, or 2026-11-23 (Mon)."""
    weekday = gettext(WEEKDAYS[day.weekday()])
    if current_language() == "en":
        return f"{day.isoformat()} ({weekday})"
    return f"{day.year}年{day.month}月{day.day}日（{weekday}）"


def time_text(moment: datetime) -> str:
    """10:42, in Japan."""
    return moment.astimezone(JAPAN).strftime("%H:%M")


def moment_text(moment: datetime) -> str:
    local = moment.astimezone(JAPAN)
    return f"{day_text(local.date())} {time_text(moment)}"


def completion_text(moment: datetime, evidence: str) -> str:
    """Of a training the day alone is known."""
    return moment_text(moment) if evidence == "quiz" else day_text(moment.astimezone(JAPAN).date())
