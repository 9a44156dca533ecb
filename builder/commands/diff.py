"""`kyozai diff`: what changed since a release, per module, and what that asks of learners."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from builder.checks import check_folder
from builder.commands.options import course_option, language_option, stop
from builder.language import N_, Language, translations
from builder.model.course import Course
from builder.model.problem import Kind, Place, Problem
from builder.model.release import Release
from builder.package.release import current_release
from builder.releases import (
    How,
    Level,
    ModuleChange,
    Part,
    What,
    changes_between,
    differing,
    section_digests,
)
from builder.sources.files import Unusable
from builder.sources.releases import FOLDER, read_release, release_path

NONE_YET = Kind(
    "release-none-yet",
    "error",
    N_("公開した版の控えが、まだありません。"),
    N_("最初の版を公開する時に kyozai release %(release)s を実行します。"),
)
HEADING = N_("版 %(before)s（%(day)s）から、今の版 %(after)s までの変更")
SAME = N_("変わっていません: %(modules)s")
NEW = N_("新しいモジュール（全員に受講を求めます）")
GONE = N_("なくなったモジュール（修了の記録は残ります）")
INTRODUCTION_CHANGED = N_("はじめに")
FRAME_CHANGED = N_("コースの題、断り書き、出典、用語集のどれかが変わりました。")
LEVELS = {
    Level.NONE: N_("版が上がっていません"),
    Level.PATCH: N_("patch（受講者は何もしません）"),
    Level.MINOR: N_("minor（修了した人に示して確認を頼みます）"),
    Level.MAJOR: N_("major（このモジュールだけ、もう一度修了します）"),
}
PARTS: dict[tuple[What, How], str] = {
    ("section", "added"): N_("加わった節: %(ids)s"),
    ("section", "changed"): N_("変わった節: %(ids)s"),
    ("section", "removed"): N_("なくなった節: %(ids)s"),
    ("question", "added"): N_("加わった設問: %(ids)s"),
    ("question", "changed"): N_("変わった設問: %(ids)s"),
    ("question", "removed"): N_("なくなった設問: %(ids)s"),
    ("key", "changed"): N_("正答が変わった設問: %(ids)s"),
    ("header", "changed"): N_("変わった項目: %(ids)s"),
    ("rule", "added"): N_("加わったねらい: %(ids)s"),
    ("rule", "changed"): N_("変わったねらい・合格の数: %(ids)s"),
    ("rule", "removed"): N_("なくなったねらい: %(ids)s"),
}


@click.command()
@course_option
@click.option("--since", help="The release to compare with. Default: the newest in course/releases/.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@language_option
def command(root: Path, since: str | None, as_json: bool, language: Language) -> None:
    """Show what changed since a release, per module, with its change level."""
    course, problems = check_folder(root)
    if course is None:
        stop(problems, language)
    before = released(course, root, since, language)
    after = current_release(course, root)
    changes = changes_between(before, after)
    click.echo(as_document(before, after, changes) if as_json else as_text(before, after, changes, language))


def released(course: Course, root: Path, number: str | None, language: Language) -> Release:
    number = number or (course.releases[-1] if course.releases else None)
    if number is None:
        stop([Problem(NONE_YET, Place(FOLDER), {"release": course.file.release})], language)
    if number not in course.releases:
        known = ", ".join(course.releases)
        raise click.BadParameter(f"{release_path(number)} is not there ({known})", param_hint="--since")
    try:
        return read_release(root, number)
    except Unusable as unusable:
        stop([unusable.problem], language)


def as_text(before: Release, after: Release, changes: Sequence[ModuleChange], language: Language) -> str:
    say = translations(language).gettext
    heading = say(HEADING) % {"before": before.number, "day": before.released, "after": after.number}
    lines = [heading, ""]
    for change in changes:
        if not is_same(change):
            lines += module_lines(change, language)
    lines += outer_lines(before, after, language)
    same = [f"#{change.module.order}" for change in changes if is_same(change)]
    return "\n".join(lines + ([say(SAME) % {"modules": " ".join(same)}] if same else []))


def outer_lines(before: Release, after: Release, language: Language) -> Iterator[str]:
    """What changed outside of the modules, which nobody has to complete."""
    say = translations(language).gettext
    introduction = introduction_parts(before, after)
    if introduction:
        yield say(INTRODUCTION_CHANGED)
        yield from part_lines(introduction, language)
        yield ""
    if before.frame != after.frame:
        yield from (say(FRAME_CHANGED), "")


def introduction_parts(before: Release, after: Release) -> list[Part]:
    pair = (section_digests(release.introduction) for release in (before, after))
    return list(differing("section", *pair))


def is_same(change: ModuleChange) -> bool:
    return change.before is not None and change.after is not None and not (change.parts or change.declared)


def module_lines(change: ModuleChange, language: Language) -> Iterator[str]:
    say = translations(language).gettext
    module = change.module
    yield f"#{module.order} {module.title} [{module.id}]"
    if change.before and change.after:
        yield f"  {change.before.version} → {change.after.version}  {say(LEVELS[change.declared])}"
    else:
        yield f"  {module.version}  {say(NEW if change.after else GONE)}"
    yield from part_lines(change.parts, language)
    yield ""


def part_lines(parts: Sequence[Part], language: Language) -> Iterator[str]:
    for kind, message in PARTS.items():
        ids = [part.id for part in parts if (part.what, part.how) == kind]
        if ids:
            yield "  " + translations(language).gettext(message) % {"ids": ", ".join(ids)}


def as_document(before: Release, after: Release, changes: Sequence[ModuleChange]) -> str:
    """The same in every language: ids, versions, levels as words."""
    document = {
        "before": before.number,
        "after": after.number,
        "introduction": [as_values(part) for part in introduction_parts(before, after)],
        "frame": "same" if before.frame == after.frame else "changed",
        "modules": [
            {
                "id": change.module.id,
                "before": change.before.version if change.before else None,
                "after": change.after.version if change.after else None,
                "level": change.declared.word,
                "fitting": change.fitting.word,
                "parts": [as_values(part) for part in change.parts],
            }
            for change in changes
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def as_values(part: Part) -> dict[str, str]:
    return {"what": part.what, "id": part.id, "how": part.how}
