"""Japanese eras, as official papers write days, and fiscal years."""

from datetime import date
from functools import cache

ERAS = {"令和": date(2019, 5, 1), "平成": date(1989, 1, 8), "昭和": date(1926, 12, 25)}
"""The newest first, each with its first day."""


def era_of(day: date) -> str | None:
    return next((name for name, first in ERAS.items() if day >= first), None)


@cache
def era_text(day: date) -> str:
    """令和8年11月23日. A day before the oldest of them as it is, in the Western calendar."""
    era = era_of(day)
    year = str(day.year) if era is None else _year_of(era, day)
    return f"{era or ''}{year}年{day.month}月{day.day}日"


def fiscal_year(day: date) -> int:
    """年度: from 1 April to 31 March."""
    return day.year if day.month > 3 else day.year - 1


def first_day_kept(today: date, years: int) -> date:
    """Of what is kept until the end of so many fiscal years after the one in which it came to be."""
    return date(fiscal_year(today) - years, 4, 1)


def _year_of(era: str, day: date) -> str:
    count = day.year - ERAS[era].year + 1
    return "元" if count == 1 else str(count)
