"""What is known of one person, as the rules need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from server.rules.days import Span


@dataclass(frozen=True)
class Posting(Span):
    """A main posting. `department` is an id, `appointment` on what terms."""

    department: str = ""
    appointment: str = "regular"


@dataclass(frozen=True)
class Place:
    """Under which department another one stands, while nothing of it changes; None: at the top."""

    days: Span
    parent: str | None


@dataclass(frozen=True)
class Tree:
    """`places`: department → its places. Empty where no policy is about departments."""

    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)

    @cached_property
    def edges(self) -> tuple[date, ...]:
        """The days on which a department is placed anew. The same for everybody: worked out once."""
        found = {edge for places in self.places.values() for place in places for edge in place.days.edges()}
        return tuple(sorted(found))

    def edges_within(self, span: Span) -> list[date]:
        """Those after its first day."""
        return [edge for edge in self.edges if span.first < edge and span.covers(edge)]


@dataclass(frozen=True)
class Policy:
    """Who has to complete what, as HR decided.

    `departments` (with all below them) and `appointments`: whose main postings it is about; empty: all.
    `modules` empty: every module of the release. `days`: from arrival (or the policy's first day, or the
    module's first release) to the due date, which is not before `due`. `grace_days`: to catch up after a
    major change. `valid_days`: how long a completion counts; without it, until the next major change.
    """

    first: date
    modules: frozenset[str] = frozenset()
    days: int = 30
    grace_days: int = 30
    valid_days: int | None = None
    last: date | None = None
    due: date | None = None
    departments: frozenset[str] = frozenset()
    appointments: frozenset[str] = frozenset()

    def includes(self, module: str) -> bool:
        return not self.modules or module in self.modules

    def applies_on(self, day: date) -> bool:
        return Span(self.first, self.last).covers(day)


@dataclass(frozen=True)
class Release:
    """The module versions that count from a day on."""

    day: date
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Completion:
    module: str
    version: str
    day: date


@dataclass(frozen=True)
class Exemption:
    module: str
    span: Span


@dataclass(frozen=True)
class Facts:
    """`main_postings` and `leaves` in any order. `begun`: the first opened lesson or answer of each module.

    `releases` in the order in which they were published. `tree` where a policy is about departments.
    """

    main_postings: tuple[Posting, ...] = ()
    leaves: tuple[Span, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    policies: tuple[Policy, ...] = ()
    releases: tuple[Release, ...] = ()
    completions: tuple[Completion, ...] = ()
    begun: Mapping[str, date] = field(default_factory=dict)
    tree: Tree = field(default_factory=Tree)
