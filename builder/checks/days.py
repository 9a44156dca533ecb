"""Days that the calendar has."""

from collections.abc import Iterator
from datetime import date

from builder.language import N_
from builder.model.problem import Kind, Problem
from builder.sources import Sources

NO_SUCH_DAY = Kind(
    "day-impossible",
    "error",
    N_("%(given)s という日はありません。"),
    N_("年-月-日の順に、実際にある日を書きます（例: 2026-12-01）。"),
)


def check(sources: Sources) -> Iterator[Problem]:
    if sources.file is None:
        return
    days = (
        (sources.file.value.released, sources.file.place("released")),
        (sources.file.value.guideline.published, sources.file.place("guideline", "published")),
    )
    for day, place in days:
        if not is_day(day):
            yield Problem(NO_SUCH_DAY, place, {"given": day})


def is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
