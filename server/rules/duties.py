"""What was due: each module that somebody had to complete by a day, once for each due date."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, zip_longest

from server.rules.state import Standing, State

NOTHING_TO_DO = (State.NOT_REQUIRED, State.EXEMPT, State.COMPLETE)


@dataclass(frozen=True)
class Duty:
    """Counts from a day, its due date at the earliest, until (and without) another.

    `on_time`: whether the module was complete by the due date; what was met stays met.
    """

    due: date
    from_day: date
    until_day: date | None
    on_time: bool


@dataclass(frozen=True)
class Tally:
    """How many duties of one person had come due, and whether they had begun or completed anything."""

    from_day: date
    until_day: date | None
    due: int
    on_time: int
    has_begun: bool


def duties(standings: Sequence[Standing]) -> list[Duty]:
    """Of one module, from its states as `timeline` gives them. A module that was complete from the day on
    which it was first asked for was no duty.
    """
    found: dict[date, list[Duty]] = defaultdict(list)
    for before, now in pairwise([None, *standings]):
        duty = _met(before, now) if now and now.state is State.COMPLETE else _open(now)
        if duty:
            found[duty.due] = _followed(found[duty.due], duty)
    return [duty for due in sorted(found) for duty in found[due]]


def _met(before: Standing | None, now: Standing) -> Duty | None:
    if before is None or before.due is None:
        return None
    return Duty(before.due, max(now.from_day, before.due), None, now.from_day <= before.due)


def _open(now: Standing | None) -> Duty | None:
    if now is None or now.due is None or now.state in NOTHING_TO_DO:
        return None
    is_over_before = now.until_day is not None and now.until_day <= now.due
    return None if is_over_before else Duty(now.due, max(now.from_day, now.due), now.until_day, False)


def _followed(earlier: Sequence[Duty], duty: Duty) -> list[Duty]:
    """Duties of one due date: what is known later counts from its day on."""
    kept = [each for each in earlier if each.from_day < duty.from_day]
    if not kept or _ends_before(kept[-1], duty.from_day):
        return [*kept, duty]
    if kept[-1].on_time == duty.on_time:
        return [*kept[:-1], replace(kept[-1], until_day=duty.until_day)]
    return [*kept[:-1], replace(kept[-1], until_day=duty.from_day), duty]


def _ends_before(duty: Duty, day: date) -> bool:
    return duty.until_day is not None and duty.until_day < day


def tallies(all_duties: Iterable[Duty], begun: date | None) -> list[Tally]:
    """Of one person, day by day, from the first day on which there is something to tell."""
    known = list(all_duties)
    days = {duty.from_day for duty in known} | {duty.until_day for duty in known if duty.until_day}
    ordered = sorted(days | ({begun} if begun else set()))
    found: list[Tally] = []
    for day, until in zip_longest(ordered, ordered[1:]):
        tally = _tally_on(known, begun, day, until)
        if found and replace(found[-1], from_day=day, until_day=until) == tally:
            found[-1] = replace(found[-1], until_day=until)
        else:
            found.append(tally)
    return found


def _tally_on(known: Sequence[Duty], begun: date | None, day: date, until: date | None) -> Tally:
    there = [
        duty for duty in known if duty.from_day <= day and (duty.until_day is None or day < duty.until_day)
    ]
    return Tally(
        day, until, len(there), sum(duty.on_time for duty in there), begun is not None and begun <= day
    )
