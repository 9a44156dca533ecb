"""What the home page says: what is due, how far one is, and the one next step."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from builder.model.package import PackagedModule
from server.learning.attempts import attempt_under_way, failed_last
from server.learning.reading import last_place
from server.learning.revisions import unread_changes
from server.record.standing import COURSE, ModuleState, complete_since, complete_until, states_of
from server.releases.library import Published
from server.rules.state import State

OPEN_STATES = (State.OVERDUE, State.EXPIRED, State.UPDATE_DUE, State.IN_PROGRESS, State.NOT_STARTED)
NOTHING = ModuleState(State.NOT_REQUIRED, None)


@dataclass(frozen=True)
class ModuleLine:
    module: PackagedModule
    state: State
    due: date | None
    has_unread_changes: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class NextStep:
    """Where 「続きから」 leads: into an attempt, to a retry, to a section, or to a module's page."""

    module: PackagedModule
    attempt_id: str | None = None
    section_id: str | None = None
    is_retry: bool = False


@dataclass(frozen=True)
class Home:
    lines: tuple[ModuleLine, ...]
    course_state: State
    next_step: NextStep | None
    complete_since: date | None
    complete_until: date | None

    @property
    def required(self) -> list[ModuleLine]:
        left_out = (State.NOT_REQUIRED, State.EXEMPT)
        return [line for line in self.lines if line.state not in left_out]

    @property
    def complete(self) -> int:
        return sum(line.state is State.COMPLETE for line in self.required)

    @property
    def open_lines(self) -> list[ModuleLine]:
        return [line for line in self.lines if line.is_open]

    @property
    def changed_lines(self) -> list[ModuleLine]:
        """Complete, and changed in a minor way since: to be read and confirmed."""
        return [line for line in self.lines if line.has_unread_changes]

    @property
    def minutes_left(self) -> int:
        return sum(line.module.minutes for line in self.open_lines)

    @property
    def due(self) -> date | None:
        """The nearest due date of what is still to be done."""
        return min((line.due for line in self.open_lines if line.due), default=None)


def home_of(connection: Connection, person_id: str, published: Published, day: date) -> Home:
    states = states_of(connection, person_id, day)
    state_of = {module_id: kept.state for module_id, kept in states.items()}
    unread = unread_changes(connection, person_id, published, state_of)
    lines = tuple(
        ModuleLine(
            module,
            states.get(module.id, NOTHING).state,
            states.get(module.id, NOTHING).due,
            has_unread_changes=module.id in unread,
        )
        for module in published.manifest.modules
    )
    course_state = states.get(COURSE, NOTHING).state
    is_complete = course_state is State.COMPLETE
    return Home(
        lines,
        course_state,
        _next_step(connection, person_id, published, lines),
        complete_since=complete_since(connection, person_id, day) if is_complete else None,
        complete_until=complete_until(connection, person_id, day) if is_complete else None,
    )


def _next_step(
    connection: Connection, person_id: str, published: Published, lines: tuple[ModuleLine, ...]
) -> NextStep | None:
    """An attempt left in the middle or failed last; then the module begun, then the first that is open."""
    modules = {line.module.id: line.module for line in lines}
    under_way = attempt_under_way(connection, person_id)
    if under_way is not None and under_way[1] in modules:
        return NextStep(modules[under_way[1]], attempt_id=under_way[0])
    failed = failed_last(connection, person_id, published)
    open_ids = {line.module.id for line in lines if line.is_open}
    if failed is not None and failed.module.module_id in open_ids:
        return NextStep(modules[failed.module.module_id], is_retry=True)
    begun_first = sorted(
        (line for line in lines if line.is_open), key=lambda line: line.state is State.NOT_STARTED
    )
    for line in begun_first[:1]:
        return NextStep(line.module, section_id=last_place(connection, person_id, line.module))
    return None
