"""What changed since a release, per module, and how heavy the authors say it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from builder.model.base import version_parts
from builder.model.package import PackagedIntroduction, PackagedModule
from builder.model.release import Release


class Level(IntEnum):
    """The change level of a module between two releases, the heavier the greater.

    PATCH: nothing to do. MINOR: whoever is complete stays so, and is offered the changes to read and
    confirm. MAJOR: asked again, for that module only.
    """

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


How = Literal["added", "changed", "removed"]
What = Literal["section", "question", "key", "header", "rule"]


@dataclass(frozen=True)
class Part:
    """A piece of a module that is not as it was.

    `header`: title, point, minutes or article. `rule`: the pass number, or an objective. `key`: the right
    answer of a question. `id` is that of the section, question or objective, or the name of the field.
    """

    what: What
    id: str
    how: How


@dataclass(frozen=True)
class ModuleChange:
    """A module as it was (None: not in that release) and as it is (None: no longer there)."""

    before: PackagedModule | None
    after: PackagedModule | None

    @property
    def module(self) -> PackagedModule:
        """As it is, or else as it was."""
        module = self.after or self.before
        assert module is not None
        return module

    @property
    def keeps_its_version(self) -> bool:
        return (
            self.before is not None and self.after is not None and self.before.version == self.after.version
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        if self.before is None or self.after is None:
            return ()
        return tuple(_parts(self.before, self.after))

    @property
    def declared(self) -> Level:
        """By the versions alone. A new module is asked of everybody, like a major change of one; one that is
        gone is something to be told, and takes nobody's completion away."""
        if self.after is None:
            return Level.MINOR
        return level_between(self.before.version, self.after.version) if self.before else Level.MAJOR

    @property
    def fitting(self) -> Level:
        """The least level that fits. Of a text, only its author knows whether its meaning changed."""
        if not self.parts:
            return Level.NONE
        texts_only = all(part.how == "changed" and part.what not in ("rule", "key") for part in self.parts)
        return Level.PATCH if texts_only else Level.MINOR


def changes_between(before: Release, after: Release) -> list[ModuleChange]:
    """One for every module of either, changed or not: in the order of the newer, then what is gone."""
    old = {module.id: module for module in before.modules}
    new = {module.id: module for module in after.modules}
    kept = [ModuleChange(old.get(module.id), module) for module in after.modules]
    return kept + [ModuleChange(module, None) for module in before.modules if module.id not in new]


def level_between(before: str, after: str) -> Level:
    """Of two versions or release numbers. NONE when the second is not above the first."""
    old, new = version_parts(before), version_parts(after)
    if new <= old:
        return Level.NONE
    heaviest = next(place for place, (was, now) in enumerate(zip(old, new, strict=True)) if was != now)
    return (Level.MAJOR, Level.MINOR, Level.PATCH)[heaviest]


def raised(version: str, level: Level) -> str:
    """The next version of that level: `raised("1.2.3", Level.MINOR)` is `1.3.0`."""
    major, minor, patch = version_parts(version)
    return {
        Level.NONE: version,
        Level.PATCH: f"{major}.{minor}.{patch + 1}",
        Level.MINOR: f"{major}.{minor + 1}.0",
        Level.MAJOR: f"{major + 1}.0.0",
    }[level]


def _parts(before: PackagedModule, after: PackagedModule) -> Iterator[Part]:
    for field in ("title", "article", "point", "minutes"):
        if getattr(before, field) != getattr(after, field):
            yield Part("header", field, "changed")
    yield from differing("section", section_digests(before), section_digests(after))
    yield from differing("rule", _objectives(before), _objectives(after))
    if before.pass_number != after.pass_number:
        yield Part("rule", "pass", "changed")
    yield from differing("question", _questions(before), _questions(after))
    for question_id, key in _keys(after).items():
        if _keys(before).get(question_id, key) != key:
            yield Part("key", question_id, "changed")


def differing(what: What, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Part]:
    """The parts of one kind, by id, that are in only one of the two, or not the same in both."""
    for part_id in (*after, *(gone for gone in before if gone not in after)):
        if part_id not in before:
            yield Part(what, part_id, "added")
        elif part_id not in after:
            yield Part(what, part_id, "removed")
        elif before[part_id] != after[part_id]:
            yield Part(what, part_id, "changed")


def section_digests(lesson: PackagedModule | PackagedIntroduction) -> dict[str, object]:
    return {section.id: section.digest for section in lesson.sections}


def _objectives(module: PackagedModule) -> dict[str, object]:
    return {objective.id: (objective.title, objective.must_pass) for objective in module.objectives}


def _keys(module: PackagedModule) -> dict[str, str]:
    return {question.id: question.key for objective in module.objectives for question in objective.questions}


def _questions(module: PackagedModule) -> dict[str, object]:
    return {
        question.id: question.digest for objective in module.objectives for question in objective.questions
    }
