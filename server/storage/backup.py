"""A backup: every row of one moment, in a zip of JSON Lines that any database of ours takes back.

Written table by table from one view of the database, while the server goes on. What a restored server must
not go on with is left out: sessions, answers held for them, locks, throttling, lists on the desk.
"""

import hashlib
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from io import TextIOWrapper
from typing import IO, Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, select

from server.storage import tables
from server.storage.engine import changing_tables, reading
from server.storage.schema import alembic_config, upgrade_within

FORMAT = 1
MANIFEST = "manifest.json"
BATCH = 1_000
LEFT_OUT = frozenset({"web_session", "held_answer", "operation_lock", "throttle", "roster_upload"})


class NotABackup(ValueError):
    """It is none, or it is cut off."""


class DamagedBackup(ValueError):
    """`table`: of which the rows are not those that were written."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


class NewerBackup(ValueError):
    """It was made by a newer version of this program."""


class NotEmpty(ValueError):
    """The place to restore into holds something already."""


@dataclass(frozen=True)
class Kept:
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`schema`: the migration that the database stood at. `made`: when, in UTC."""

    schema: str
    made: str
    database: str
    tables: Mapping[str, Kept]

    @property
    def rows(self) -> int:
        return sum(kept.rows for kept in self.tables.values())


# Writing -------------------------------------------------------------------------------------------


def write_backup(engine: Engine, out: IO[bytes], at: datetime) -> Manifest:
    """`out` need not be one that can go back. The manifest comes last: without it, it is no backup."""
    with reading(engine) as connection, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kept = {
            table.name: _write_table(connection, table, archive)
            for table in tables.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }
        manifest = Manifest(
            schema=_schema(connection) or "",
            made=at.astimezone(UTC).isoformat(),
            database=connection.dialect.name,
            tables=kept,
        )
        archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1))
    return manifest


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> Kept:
    """The first line names the columns."""
    digest, lines = hashlib.sha256(), 0
    with archive.open(_member(table.name), "w", force_zip64=True) as file:
        for values in _lines(connection, table):
            data = (json.dumps(values, ensure_ascii=False) + "\n").encode()
            digest.update(data)
            file.write(data)
            lines += 1
    return Kept(lines - 1, digest.hexdigest())


def _lines(connection: Connection, table: Table) -> Iterator[list[Any]]:
    yield [column.name for column in table.columns]
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    for row in connection.execute(query):
        yield [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    """JSON says of a value what it is. Whatever lies in a JSON column stands in a list."""
    if isinstance(value, datetime):
        return {"moment": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": b64encode(value).decode()}
    return [value] if isinstance(value, dict | list) else value


# Reading -------------------------------------------------------------------------------------------


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Raises NotABackup, NewerBackup."""
    try:
        given = json.loads(archive.read(MANIFEST))
        if given.pop("format") > FORMAT:
            raise NewerBackup
        kept = {name: Kept(**values) for name, values in given.pop("tables").items()}
        return Manifest(**given, tables=kept)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise NotABackup from error


def restore_backup(file: IO[bytes], engine: Engine) -> Manifest:
    """All of it, in one transaction, into an empty database; then to the newest schema.

    Raises NotABackup, DamagedBackup, NewerBackup, NotEmpty.
    """
    if not is_empty(engine):
        raise NotEmpty
    with opened(file) as archive:
        manifest = read_manifest(archive)
        if not _is_known(manifest.schema):
            raise NewerBackup
        with changing_tables(engine) as connection:
            upgrade_within(connection, manifest.schema)
            known = MetaData()
            known.reflect(connection)
            for table in known.sorted_tables:
                if table.name in manifest.tables:
                    _restore_table(connection, table, archive, manifest.tables[table.name])
            upgrade_within(connection)
    return manifest


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise NotABackup from error


def is_empty(engine: Engine) -> bool:
    """Whether there is no table yet."""
    with reading(engine) as connection:
        found = MetaData()
        found.reflect(connection)
        return not found.tables


def counted(connection: Connection) -> dict[str, int]:
    """Table → rows, of what a backup holds."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in tables.metadata.sorted_tables
        if table.name not in LEFT_OUT
    }


def _restore_table(connection: Connection, table: Table, archive: zipfile.ZipFile, kept: Kept) -> None:
    digest, rows = hashlib.sha256(), 0
    names: list[str] | None = None
    try:
        for batch in _batches(archive, table.name):
            digest.update("".join(batch).encode())
            lines = [json.loads(line) for line in batch]
            names = names or lines.pop(0)
            values = [dict(zip(names, map(_value, line), strict=True)) for line in lines]
            if values:
                connection.execute(insert(table), values)
            rows += len(values)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise DamagedBackup(table.name) from error
    if (rows, digest.hexdigest()) != (kept.rows, kept.sha256):
        raise DamagedBackup(table.name)


def _batches(archive: zipfile.ZipFile, name: str) -> Iterator[list[str]]:
    with archive.open(f"{name}.jsonl") as file:
        lines: Iterable[str] = TextIOWrapper(file, "utf-8", newline="\n")
        batch: list[str] = []
        for line in lines:
            batch.append(line)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def _value(plain: Any) -> Any:
    match plain:
        case {"moment": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case {"bytes": text}:
            return b64decode(text)
        case [value]:
            return value
        case value:
            return value


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(f"{name}.jsonl")
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _schema(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _is_known(schema: str) -> bool:
    scripts = ScriptDirectory.from_config(alembic_config())
    return schema in {script.revision for script in scripts.walk_revisions()}
