"""The published releases. A release never changes, so each is read and verified once per process."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from builder.model.package import Manifest
from builder.package import Package, open_package
from server.record.learning import ModuleVersion
from server.rules.days import end_of
from server.storage import tables

KEPT_OPEN = 8
_packages: dict[str, Package] = {}


@dataclass(frozen=True)
class Published:
    """A release as the server has it."""

    number: str
    published_at: datetime
    package: Package

    @property
    def manifest(self) -> Manifest:
        return self.package.manifest

    def module_version(self, module_id: str) -> ModuleVersion:
        return ModuleVersion(module_id, self.manifest.module(module_id).version, self.number)


class NoSuchRelease(LookupError):
    """The server never published this release."""


def newest(connection: Connection, day: date | None = None) -> Published | None:
    """The newest release, or the newest published by the end of a day."""
    query = select(tables.release.c.number).order_by(tables.release.c.published_at.desc()).limit(1)
    if day is not None:
        query = query.where(tables.release.c.published_at < end_of(day))
    number = connection.scalar(query)
    return release(connection, number) if number else None


def release(connection: Connection, number: str) -> Published:
    """Raise NoSuchRelease where there is none."""
    row = connection.execute(
        select(tables.release.c.published_at, tables.release.c.sha256).where(tables.release.c.number == number)
    ).one_or_none()
    if row is None:
        raise NoSuchRelease(number)
    return Published(number, row.published_at, _package(connection, number, row.sha256))


def _package(connection: Connection, number: str, sha256: str) -> Package:
    """Keyed by digest: a test's or another database's release of the same number is another one."""
    if sha256 not in _packages:
        data = connection.scalar(select(tables.release.c.package).where(tables.release.c.number == number))
        assert data is not None
        if len(_packages) >= KEPT_OPEN:
            _packages.pop(next(iter(_packages)))
        _packages[sha256] = open_package(data)
    return _packages[sha256]
