"""Publish a course package: from then on new attempts are of it."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from builder.language import N_
from builder.model.package import Manifest
from builder.model.problem import Kind, Place, Problem
from builder.model.release import release_of
from builder.package import PackageInvalid, open_package
from builder.releases import changes_between
from server.record.releases import enter_release
from server.releases.library import is_withdrawn, newest, published_numbers, release
from server.storage import tables

ALREADY_PUBLISHED = Kind(
    "release-already-published",
    "error",
    N_("版 %(release)s は、すでに公開されています。"),
    N_("公開した版は変えられません。内容を直したときは、版番号を上げて組み立て直してください。"),
)
WAS_WITHDRAWN = Kind(
    "release-was-withdrawn",
    "error",
    N_("版 %(release)s は、一度公開してから取り下げたものです。"),
    N_("同じ版番号は使えません。版番号を上げて組み立て直してください。"),
)
PREDECESSOR_DIFFERS = Kind(
    "release-predecessor-differs",
    "error",
    N_("このパッケージは版 %(predecessor)s の次として作られました。サーバーの最新の版は %(newest)s です。"),
    N_(
        "course/releases/ に最新の版の控えを置いて、コースを組み立て直してください。控えがなければ、"
        "公開したパッケージから kyozai release %(newest)s --from で作れます。"
    ),
)
VERSION_REUSED = Kind(
    "release-version-reused",
    "error",
    N_(
        "「%(title)s」の版 %(version)s は、公開した版 %(release)s にもあり、中身が違います"
        "（%(parts)s）。修了の記録が、どちらの中身のものか分からなくなります。"
    ),
    N_(
        "モジュールの version を上げて、組み立て直してください。kyozai check が何も言わないときは、"
        "控えが公開したものと違います。公開したパッケージから kyozai release %(release)s --from で"
        "作り直します。"
    ),
)
COURSE_DIFFERS = Kind(
    "release-course-differs",
    "error",
    N_("このサーバーのコースは %(expected)s です。パッケージは %(found)s のものです。"),
    N_("別のコースには、別のサーバー（データベース）を使ってください。"),
)


class PublishRefused(Exception):
    """Nothing was published; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def publish(connection: Connection, data: bytes, *, name: str, at: datetime, actor: str) -> Manifest:
    """`name` is what the messages call the package. Raise PublishRefused."""
    manifest = publishable(connection, data, name=name)
    connection.execute(
        insert(tables.release).values(
            number=manifest.release, published_at=at, package=data, sha256=hashlib.sha256(data).hexdigest()
        )
    )
    versions = {module.id: module.version for module in manifest.modules}
    enter_release(connection, manifest.release, versions, manifest.content_digest, at=at, actor=actor)
    return manifest


def publishable(connection: Connection, data: bytes, *, name: str) -> Manifest:
    """What is in a package that may be published now. Raise PublishRefused."""
    try:
        manifest = open_package(data).manifest
    except PackageInvalid as invalid:
        problems = [Problem(problem.kind, Place(name), problem.values) for problem in invalid.problems]
        raise PublishRefused(problems) from invalid
    refused = _refusals(connection, manifest, name)
    if refused:
        raise PublishRefused(refused)
    return manifest


def _refusals(connection: Connection, manifest: Manifest, name: str) -> list[Problem]:
    current, place = newest(connection), Place(name)
    published = published_numbers(connection)
    if manifest.release in published:
        kind = WAS_WITHDRAWN if is_withdrawn(connection, manifest.release) else ALREADY_PUBLISHED
        return [Problem(kind, place, {"release": manifest.release})]
    if current is None:
        # A server may begin with any release: the ones before it were published elsewhere, or never.
        return []
    if current.manifest.id != manifest.id:
        values = {"expected": current.manifest.id, "found": manifest.id}
        return [Problem(COURSE_DIFFERS, place, values)]
    if manifest.predecessor not in (current.number, published[0]):
        # The authors may build upon a release that was withdrawn here: mended, it is the next one.
        values = {"predecessor": manifest.predecessor or "—", "newest": current.number}
        return [Problem(PREDECESSOR_DIFFERS, place, values)]
    return list(_reused_versions(connection, manifest, published, place))


def _reused_versions(
    connection: Connection, manifest: Manifest, published: Sequence[str], place: Place
) -> Iterator[Problem]:
    """A module's version says what was learned: it names one content, whatever was withdrawn since."""
    told: set[str] = set()
    for number in published:
        before = release_of(release(connection, number).manifest)
        for change in changes_between(before, release_of(manifest)):
            module = change.module
            if change.keeps_its_version and change.parts and module.id not in told:
                told.add(module.id)
                parts = ", ".join(dict.fromkeys(part.id for part in change.parts))
                values = {"title": module.title, "version": module.version, "release": number, "parts": parts}
                yield Problem(VERSION_REUSED, place, values)
