"""The published releases. A release never changes, so each is read and verified once per process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from sqlalchemy import Connection, bindparam, select

from builder.model.package import Manifest, PackagedModule
from builder.package import Package, open_package
from server.record.learning import ModuleVersion
from server.rules.days import end_of
from server.storage import tables

PDFS = ("handout.pdf", "summary.pdf")
KEPT_OPEN = 8
_IN_FORCE = (
    select(tables.release.c.number, tables.release.c.published_at, tables.release.c.sha256)
    .where(tables.release.c.withdrawn_at.is_(None))
    .order_by(tables.release.c.published_at.desc())
)
_NEWEST = _IN_FORCE.limit(1)
_RELEASE = select(tables.release.c.published_at, tables.release.c.sha256).where(
    tables.release.c.number == bindparam("number")
)
_packages: dict[str, Package] = {}
_opening = Lock()


@dataclass(frozen=True)
class Published:
    """A release as the server has it."""

    number: str
    published_at: datetime
    package: Package

    @property
    def manifest(self) -> Manifest:
        return self.package.manifest

    def module(self, module_id: str) -> PackagedModule:
        """Raise NotPublished when the release has no such module."""
        with _not_published(module_id):
            return self.manifest.module(module_id)

    def module_version(self, module_id: str) -> ModuleVersion:
        """Raise NotPublished when the release has no such module."""
        return ModuleVersion(module_id, self.module(module_id).version, self.number)

    def section(self, module_id: str, section_id: str) -> str:
        """The HTML of a section. Raise NotPublished when the release has none like it."""
        sections = self.package.sections(self.module(module_id).id)
        with _not_published(section_id):
            return sections[section_id]

    def introduction(self, section_id: str) -> str:
        """The HTML of a section of the introduction. Raise NotPublished when there is none like it."""
        sections = self.package.introduction()
        with _not_published(section_id):
            return sections[section_id]

    def file(self, path: str) -> bytes:
        """A figure or a PDF. Raise NotPublished for anything else: quizzes carry their keys."""
        if not (path.startswith("assets/") or path in PDFS):
            raise NotPublished(path)
        with _not_published(path):
            return self.package.read(path)


def modules_on(connection: Connection, day: date) -> dict[str, PackagedModule]:
    """The modules of the newest release published by the day, by their ids; none before the first."""
    published = newest(connection, day)
    return {module.id: module for module in published.manifest.modules} if published else {}


class NotPublished(LookupError):
    """The server published no such release, or the release has no such module, section or file."""


@contextmanager
def _not_published(what: str) -> Iterator[None]:
    try:
        yield
    except KeyError as missing:
        raise NotPublished(what) from missing


def newest(connection: Connection, day: date | None = None) -> Published | None:
    """The newest release in force, or the newest of those published by the end of a day."""
    query = _NEWEST if day is None else _NEWEST.where(tables.release.c.published_at < end_of(day))
    row = connection.execute(query).one_or_none()
    return opened(connection, *row) if row else None


def numbers_in_force(connection: Connection) -> list[str]:
    """Newest first: what was published and not withdrawn."""
    return list(connection.scalars(_IN_FORCE))


def published_numbers(connection: Connection) -> list[str]:
    """Newest first, withdrawn ones too."""
    return list(
        connection.scalars(select(tables.release.c.number).order_by(tables.release.c.published_at.desc()))
    )


def is_withdrawn(connection: Connection, number: str) -> bool:
    table = tables.release
    return connection.scalar(select(table.c.withdrawn_at).where(table.c.number == number)) is not None


def release(connection: Connection, number: str) -> Published:
    """Raise NotPublished where there is none."""
    row = connection.execute(_RELEASE, {"number": number}).one_or_none()
    if row is None:
        raise NotPublished(number)
    return opened(connection, number, row.published_at, row.sha256)


def opened(connection: Connection, number: str, published_at: datetime, sha256: str) -> Published:
    """A release of which the row was read already."""
    return Published(number, published_at, _package(connection, number, sha256))


def _package(connection: Connection, number: str, sha256: str) -> Package:
    """Keyed by digest: a test's or another database's release of the same number is another one."""
    with _opening:
        if sha256 not in _packages:
            data = connection.scalar(
                select(tables.release.c.package).where(tables.release.c.number == number)
            )
            assert data is not None
            if len(_packages) >= KEPT_OPEN:
                _packages.pop(next(iter(_packages)))
            _packages[sha256] = open_package(data)
        return _packages[sha256]
