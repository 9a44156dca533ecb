"""Whom a release would touch, module by module, before it is published; or its withdrawal."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from builder.model.package import Manifest
from builder.model.release import release_of
from builder.releases import Level, ModuleChange, changes_between
from server.record.department_history import department_history
from server.record.preview import Supposition, by_bureau, main_departments, suppose
from server.releases.library import newest
from server.rules.facts import Facts, Release
from server.rules.state import State

PerBureau = list[tuple[str, int]]
"""Name of the bureau → people, in the order of the bureaus' codes."""


@dataclass(frozen=True)
class ModuleEffect:
    """`moves`: (state now, state then) → people per bureau. `told`: whoever is complete and stays so, and
    is offered the changes to read and confirm."""

    change: ModuleChange
    moves: Sequence[tuple[State, State, PerBureau]]
    told: PerBureau


def effect_of_release(connection: Connection, manifest: Manifest, day: date) -> list[ModuleEffect]:
    """Of every module that changes. Without a release in force, everything is new."""
    current = newest(connection)
    changes = _changes(current.manifest if current else None, manifest)
    versions = {module.id: module.version for module in manifest.modules}

    def published(facts: Facts) -> Facts:
        return replace(facts, releases=(*facts.releases, Release(day, versions)))

    return _effects(connection, changes, published, day)


def effect_of_withdrawal(connection: Connection, earlier: Manifest | None, day: date) -> list[ModuleEffect]:
    """`earlier`: the release that is in force again afterwards."""
    current = newest(connection)
    assert current is not None

    def withdrawn(facts: Facts) -> Facts:
        return replace(facts, releases=facts.releases[:-1])

    return _effects(connection, _changes(current.manifest, earlier), withdrawn, day)


def _changes(before: Manifest | None, after: Manifest | None) -> list[ModuleChange]:
    """None: nothing is published."""
    known = before or after
    assert known is not None
    nothing = release_of(known).model_copy(update={"modules": ()})
    pair = (release_of(manifest) if manifest else nothing for manifest in (before, after))
    return [change for change in changes_between(*pair) if change.before != change.after]


def _effects(
    connection: Connection, changes: Sequence[ModuleChange], supposition: Supposition, day: date
) -> list[ModuleEffect]:
    posted, departments = main_departments(connection, day), department_history(connection)
    modules = [change.module.id for change in changes]
    people: dict[tuple[str, State, State], list[str]] = defaultdict(list)
    for seen in suppose(connection, day, modules, supposition):
        people[seen.module_id, seen.before, seen.after].append(seen.person_id)

    def effect(change: ModuleChange) -> ModuleEffect:
        of_module = {key[1:]: ids for key, ids in people.items() if key[0] == change.module.id}
        moves = [
            (before, after, by_bureau(ids, posted, departments, day))
            for (before, after), ids in sorted(of_module.items())
            if before is not after
        ]
        stay = of_module.get((State.COMPLETE, State.COMPLETE), ())
        told = by_bureau(stay, posted, departments, day) if change.declared is Level.MINOR else []
        return ModuleEffect(change, moves, told)

    return [effect(change) for change in changes]
