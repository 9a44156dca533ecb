"""Days as staff lists write them: 2026-04-01, 2026/4/1, 令和8年4月1日, R8.4.1."""

import re
from datetime import date

from server.rules.eras import ERAS, era_of

PLAIN = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})|(\d{4})/(\d{1,2})/(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII
)
ERA = re.compile(
    r"(令和|平成|昭和|[RHS])(\d{1,2}|元)(?:年|[./-])(\d{1,2})(?:月|[./-])(\d{1,2})日?", re.ASCII | re.I
)
LETTERS = {"R": "令和", "H": "平成", "S": "昭和"}
YEARS = range(1900, 2101)
"""In which somebody may be posted: another year is a slip."""


def read_day(text: str) -> date | None:
    """None for what is no day, could be two days, or is not in the era that it names."""
    if match := PLAIN.fullmatch(text):
        day = _date(*(int(part) for part in match.groups() if part))
    elif match := ERA.fullmatch(text):
        day = _era_day(*match.groups())
    else:
        return None
    return day if day is not None and day.year in YEARS else None


def _era_day(era: str, year: str, month: str, day: str) -> date | None:
    name = LETTERS.get(era.upper(), era)
    count = 1 if year == "元" else int(year)
    found = _date(ERAS[name].year + count - 1, int(month), int(day)) if count else None
    return found if found is not None and era_of(found) == name else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
