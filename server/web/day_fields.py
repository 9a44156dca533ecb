"""Days as the forms of this room send them, and what is said of those that are none."""

from collections.abc import Mapping
from datetime import date

from builder.language import N_

BAD_END = N_("終わりの日は、今の終わりの日より前で、始まりの前日か、それより後の日にしてください。")
BAD_DAY = N_("日付は 2026-04-01 の形で入力してください。")
LAST_BEFORE_FIRST = N_("終わりの日は、始まりの日より前にできません。")


def read_day(given: Mapping[str, str], field: str, errors: dict[str, str]) -> date | None:
    """None where nothing was typed, or no day: then `errors` says so."""
    text = given.get(field, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        errors[field] = BAD_DAY
        return None
