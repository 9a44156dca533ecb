"""What is known of one person, as the rules need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from server.rules.days import Span


@dataclass(frozen=True)
class Policy:
    """Who has to complete what, as HR decided. Applies to everybody who holds a main posting.

    `modules` empty: every module of the release. `days`: from arrival (or the policy's first day,
    or the module's first release) to the due date. `grace_days`: to catch up after a major change.
    `valid_days`: how long a completion counts; without it, until the next major change.
    """

    first: date
    modules: frozenset[str] = frozenset()
    days: int = 30
    grace_days: int = 30
    valid_days: int | None = None

    def includes(self, module: str) -> bool:
        return not self.modules or module in self.modules


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

    `releases` in the order in which they were published.
    """

    main_postings: tuple[Span, ...] = ()
    leaves: tuple[Span, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    policies: tuple[Policy, ...] = ()
    releases: tuple[Release, ...] = ()
    completions: tuple[Completion, ...] = ()
    begun: Mapping[str, date] = field(default_factory=dict)
