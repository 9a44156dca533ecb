"""What is so unusual about a staff list that somebody has to say that it is meant.

Elsewhere a list that named only a part of the people has switched off all others.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.people.roster import RosterPlan

LEAVING = 0.05
MOVING = 0.20
FEWEST = 5
"""Of fewer people a share says nothing."""

SHRUNK = 10
"""From this factor on a list is shorter than lists are by nature."""

TRANSFERS = ((3, 15), (4, 15))
"""Month and day: between these two days many are transferred every year."""

Reason = Literal["leaving", "moving", "shrunk"]


@dataclass(frozen=True)
class Alarm:
    """`count` of `whole`: people, or of `shrunk` lines of this list and of the last one."""

    reason: Reason
    count: int
    whole: int


def alarms(plan: RosterPlan, lines: int, lines_last_time: int | None) -> list[Alarm]:
    found = []
    leaving, moving = len(plan.left), len(plan.transferred)
    if leaving >= FEWEST and leaving > LEAVING * plan.posted:
        found.append(Alarm("leaving", leaving, plan.posted))
    if moving >= FEWEST and moving > MOVING * plan.posted and not _is_time_of_transfers(plan.day):
        found.append(Alarm("moving", moving, plan.posted))
    if lines_last_time is not None and lines * SHRUNK <= lines_last_time:
        found.append(Alarm("shrunk", lines, lines_last_time))
    return found


def _is_time_of_transfers(day: date) -> bool:
    first, last = TRANSFERS
    return first <= (day.month, day.day) <= last
