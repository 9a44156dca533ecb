"""What a new version of a module means for somebody who completed an earlier one.

After a major change the module is asked again; after a minor one whoever is complete stays so, and is offered
the changes to read and confirm. A patch is nothing to learners.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from builder.model.package import PackagedModule
from builder.releases import Level, ModuleChange, level_between
from server.learning.comparing import Row, compared
from server.record.learning import completed_versions, confirm_changes, confirmed_versions
from server.releases.library import NotPublished, Published, release
from server.rules.state import State

How = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True)
class SectionChange:
    id: str
    title: str
    how: How
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Revision:
    """A module as somebody completed it, and as it is. `questions`: how many came, went or changed."""

    before: PackagedModule
    after: PackagedModule
    sections: tuple[SectionChange, ...]
    questions: Counter[str]

    @property
    def level(self) -> Level:
        return level_between(self.before.version, self.after.version)

    @property
    def changed(self) -> list[SectionChange]:
        return [section for section in self.sections if section.how != "same"]


class NothingToCompare(LookupError):
    """The person completed no earlier version of the module, or the newest one."""


def revision_of(connection: Connection, person_id: str, published: Published, module_id: str) -> Revision:
    """Since their newest completion. Raise NothingToCompare."""
    module = published.module(module_id)
    completed = completed_versions(connection, person_id).get(module_id)
    if completed is None or level_between(completed.version, module.version) is Level.NONE:
        raise NothingToCompare(module_id)
    earlier = release(connection, completed.release)
    change = ModuleChange(earlier.module(module_id), module)
    questions = Counter[str](part.how for part in change.parts if part.what == "question")
    return Revision(
        earlier.module(module_id), module, tuple(_sections(earlier, published, module_id)), questions
    )


def _sections(earlier: Published, published: Published, module_id: str) -> Iterator[SectionChange]:
    """In the order of today, then what is gone."""
    before = {section.id: section for section in earlier.module(module_id).sections}
    after = {section.id: section for section in published.module(module_id).sections}
    for section in (*after.values(), *(gone for gone in before.values() if gone.id not in after)):
        old = earlier.section(module_id, section.id) if section.id in before else ""
        new = published.section(module_id, section.id) if section.id in after else ""
        yield SectionChange(section.id, section.title, _how(old, new), tuple(compared(old, new)))


def _how(old: str, new: str) -> How:
    if not old:
        return "added"
    if not new:
        return "removed"
    return "same" if old == new else "changed"


def unread_changes(
    connection: Connection, person_id: str, published: Published, states: dict[str, State]
) -> frozenset[str]:
    """The modules that are complete, and were changed in a minor way since, and not confirmed yet."""
    completed = completed_versions(connection, person_id)
    confirmed = confirmed_versions(connection, person_id)
    return frozenset(
        module.id
        for module in published.manifest.modules
        if states.get(module.id) is State.COMPLETE
        and module.id in completed
        and _was_not_seen(module, [completed[module.id].version, *confirmed.get(module.id, ())])
    )


def _was_not_seen(module: PackagedModule, versions: list[str]) -> bool:
    """Whether the newest version that somebody has seen lacks a minor change."""
    levels = [level_between(version, module.version) for version in versions]
    return min(levels) >= Level.MINOR


def confirm(
    connection: Connection, person_id: str, published: Published, module_id: str, *, at: datetime
) -> None:
    """That somebody has read what changed. A second time, or where nothing changed, it is nothing."""
    module = published.module_version(module_id)
    completed = completed_versions(connection, person_id).get(module_id)
    if completed is None:
        raise NotPublished(module_id)
    seen = [completed.version, *confirmed_versions(connection, person_id).get(module_id, ())]
    if _was_not_seen(published.module(module_id), seen):
        confirm_changes(connection, person_id, module, at=at)
