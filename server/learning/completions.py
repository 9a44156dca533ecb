"""A person's own completions, and what a certificate says."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from builder.model.base import major
from builder.model.package import Manifest
from server.record.department_history import DepartmentHistory, department_history
from server.releases.library import newest, release
from server.rules.days import day_of
from server.storage import tables


class NoSuchCompletion(LookupError):
    """There is no such completion, or it is somebody else's."""


@dataclass(frozen=True)
class OwnCompletion:
    """A completion with the release that it belongs to, and the department known on the day."""

    id: str
    module_id: str
    module_version: str
    completed_at: datetime
    evidence: str
    attempt_id: str | None
    certificate: str
    is_void: bool
    department: str | None
    manifest: Manifest

    @property
    def number(self) -> str:
        """The certificate's, in groups that can be read out."""
        return "-".join(self.certificate[start : start + 4] for start in range(0, len(self.certificate), 4))

    @property
    def title(self) -> str:
        return self.manifest.module(self.module_id).title


def completions_of(connection: Connection, person_id: str) -> list[OwnCompletion]:
    """Newest first."""
    completion = tables.completion
    query = select(completion).where(completion.c.person_id == person_id)
    rows = connection.execute(query.order_by(completion.c.completed_at.desc())).all()
    departments = department_history(connection)
    return [_completion(connection, row, departments) for row in rows]


def completion_of(connection: Connection, person_id: str, completion_id: str) -> OwnCompletion:
    completion = tables.completion
    row = connection.execute(
        select(completion).where(completion.c.id == completion_id, completion.c.person_id == person_id)
    ).one_or_none()
    if row is None:
        raise NoSuchCompletion(completion_id)
    return _completion(connection, row, department_history(connection))


def certified(connection: Connection, typed: str) -> OwnCompletion | None:
    """The completion with this number on its certificate, however it was typed."""
    number = "".join(unicodedata.normalize("NFKC", typed).upper().split()).replace("-", "")
    completion = tables.completion
    row = connection.execute(select(completion).where(completion.c.certificate == number)).one_or_none()
    return _completion(connection, row, department_history(connection)) if row else None


def is_superseded(connection: Connection, completion: OwnCompletion) -> bool:
    """Whether another major version of the module is asked for by now, or the module is no more."""
    published = newest(connection)
    if published is None:
        return False
    versions = [each.version for each in published.manifest.modules if each.id == completion.module_id]
    return not any(major(version) <= major(completion.module_version) for version in versions)


def _completion(connection: Connection, row: Row[Any], departments: DepartmentHistory) -> OwnCompletion:
    known, day = row.known_department_id, day_of(row.completed_at)
    return OwnCompletion(
        id=row.id,
        module_id=row.module_id,
        module_version=row.module_version,
        completed_at=row.completed_at,
        evidence=row.evidence,
        attempt_id=row.attempt_id,
        certificate=row.certificate,
        is_void=row.voided_at is not None,
        department=departments.named(known, day).name if known else None,
        manifest=release(connection, row.release).manifest,
    )
