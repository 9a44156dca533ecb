"""What changed since the newest release says so: by its version, and by its note of the change."""

from collections.abc import Iterator, Mapping, Sequence

from builder.language import N_
from builder.model.base import version_parts
from builder.model.package import PackagedModule
from builder.model.problem import Kind, Place, Problem
from builder.model.release import Release
from builder.package.release import current_release
from builder.releases import Level, ModuleChange, changes_between, level_between, raised
from builder.sources import ModuleSource, Sources
from builder.sources.releases import read_releases

CHANGED = N_(
    "版 %(release)s の公開の後に %(parts)s が変わりました。モジュールの版は %(version)s のままです。"
)
TEXT_CHANGED = Kind(
    "version-not-raised",
    "error",
    CHANGED,
    N_(
        "誤字の直しだけなら %(patch)s（受講者は何もしません）、読んでほしい変更なら %(minor)s"
        "（修了した人に示して確認を頼みます）、もう一度修了してほしい変更なら %(major)s にします。"
    ),
)
MORE_CHANGED = Kind(
    "version-not-raised",
    "error",
    CHANGED,
    N_(
        "節、設問、正答、合格の決まりのどれかが変わりました。読んでほしい変更なら %(minor)s"
        "（修了した人に示して確認を頼みます）、もう一度修了してほしい変更なら %(major)s にします。"
    ),
)
RAISED_TOO_LITTLE = Kind(
    "version-raised-too-little",
    "warning",
    N_("%(parts)s が変わりました。版 %(version)s では、修了した人に知らせません。"),
    N_("節や設問を足したり除いたりした時、正答や合格の決まりを変えた時は、少なくとも %(minor)s にします。"),
)
RAISED_FOR_NOTHING = Kind(
    "version-raised-for-nothing",
    "warning",
    N_("版を %(before)s から %(version)s に上げましたが、中身は変わっていません。"),
    N_("版を %(before)s に戻します。このままだと、同じ中身をもう一度示すことになります。"),
)
LOWERED = Kind(
    "version-lowered",
    "error",
    N_("モジュールの版 %(version)s が、公開した版 %(before)s より前です。"),
    N_("公開した版より大きくします。前の中身に戻すときも、版は上げます。"),
)
NOTE_NOT_RENEWED = Kind(
    "change-note-old",
    "error",
    N_("版を %(version)s に上げましたが、change が前の版と同じ文です。"),
    N_("受講者が読む一文です。この版で何が変わったかを書きます。"),
)
REUSED = Kind(
    "module-id-reused",
    "error",
    N_("モジュールの id「%(id)s」は、版 %(release)s で使い、その後で除いたものです。"),
    N_("別の id にします。前の修了の記録が、新しいモジュールのものに見えてしまいます。"),
)
RELEASE_NOT_RAISED = Kind(
    "release-not-raised",
    "error",
    N_("版 %(release)s は公開の控えがありますが、中身がその時と違います。"),
    N_("course/course.yaml の release を、少なくとも %(fitting)s に上げます。"),
)
RELEASE_RAISED_TOO_LITTLE = Kind(
    "release-raised-too-little",
    "error",
    N_("版番号 %(release)s は、モジュールの変更より軽いものです。"),
    N_("いちばん重い変更に合わせ、少なくとも %(fitting)s にします。"),
)
RELEASED_BEFORE = Kind(
    "release-day-before",
    "error",
    N_("公開日 %(day)s が、前の版 %(newest)s の公開日 %(earlier)s より前です。"),
    N_("released に、この版を公開する日を書きます。"),
)
RELEASED_SAME_DAY = Kind(
    "release-day-same",
    "warning",
    N_("公開日 %(day)s が、前の版 %(newest)s と同じです。"),
    N_("released を直し忘れていないか確かめます。同じ日に公開するなら、このままで構いません。"),
)
RELEASE_LOWERED = Kind(
    "release-lowered",
    "error",
    N_("版番号 %(release)s が、公開の控えにある %(newest)s より前です。"),
    N_("%(newest)s より大きくします。"),
)


def check(sources: Sources) -> Iterator[Problem]:
    releases, problems = read_releases(sources.root, sources.releases)
    yield from problems
    course = sources.course()
    if not releases or course is None or len(course.modules) < len(sources.modules):
        return
    newest, now = releases[-1], current_release(course, sources.root)
    changes = changes_between(newest, now)
    by_id = {module.id: module for module in sources.modules}
    yield from reused(by_id, releases)
    for change in changes:
        if change.before and change.after:
            yield from module_problems(change, change.before, by_id[change.after.id], newest.number)
    yield from release_problems(newest, now, changes, sources)


def reused(modules: Mapping[str, ModuleSource], releases: Sequence[Release]) -> Iterator[Problem]:
    newest = {module.id for module in releases[-1].modules}
    last_seen = {module.id: release.number for release in releases for module in release.modules}
    for module_id in modules:
        if module_id in last_seen and module_id not in newest:
            values = {"id": module_id, "release": last_seen[module_id]}
            yield Problem(REUSED, header_place(modules[module_id], "id"), values)


def module_problems(
    change: ModuleChange, before: PackagedModule, source: ModuleSource, release: str
) -> Iterator[Problem]:
    after = change.module
    place = header_place(source, "version")
    values: dict[str, object] = {"before": before.version, "version": after.version, "release": release}
    if version_parts(after.version) < version_parts(before.version):
        yield Problem(LOWERED, place, values)
    elif not change.parts:
        if change.declared:
            yield Problem(RAISED_FOR_NOTHING, place, values)
    elif not change.declared:
        kind = TEXT_CHANGED if change.fitting is Level.PATCH else MORE_CHANGED
        yield Problem(kind, place, values | next_versions(change, before))
    else:
        if change.declared < change.fitting:
            yield Problem(RAISED_TOO_LITTLE, place, values | next_versions(change, before))
        if after.change == before.change:
            yield Problem(NOTE_NOT_RENEWED, header_place(source, "change"), values)


def next_versions(change: ModuleChange, before: PackagedModule) -> dict[str, object]:
    levels = {level.word: raised(before.version, level) for level in Level if level}
    return {**levels, "parts": ", ".join(dict.fromkeys(part.id for part in change.parts))}


def header_place(source: ModuleSource, key: str) -> Place:
    assert source.lesson
    assert source.lesson.header
    return source.lesson.header.place(key)


def release_problems(
    newest: Release, now: Release, changes: Sequence[ModuleChange], sources: Sources
) -> Iterator[Problem]:
    assert sources.file
    place = sources.file.place("release")
    needed = max([Level.PATCH, *(change.declared for change in changes)])
    values = {"release": now.number, "newest": newest.number, "fitting": raised(newest.number, needed)}
    if version_parts(now.number) < version_parts(newest.number):
        yield Problem(RELEASE_LOWERED, place, values)
    elif now.number == newest.number:
        if now.content_digest != newest.content_digest:
            yield Problem(RELEASE_NOT_RAISED, place, values)
    else:
        if level_between(newest.number, now.number) < needed:
            yield Problem(RELEASE_RAISED_TOO_LITTLE, place, values)
        yield from day_problems(newest, now, sources.file.place("released"))


def day_problems(newest: Release, now: Release, place: Place) -> Iterator[Problem]:
    values = {"day": now.released, "newest": newest.number, "earlier": newest.released}
    if now.released < newest.released:
        yield Problem(RELEASED_BEFORE, place, values)
    elif now.released == newest.released:
        yield Problem(RELEASED_SAME_DAY, place, values)
