"""`kyozai restore [--drill] [--key KEYFILE] FILE`"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

import click
from sqlalchemy import Engine, select

from builder.language import N_
from server.commands.environment import complain, connect, load_settings, say
from server.record.seals import newest_seal
from server.record.signing import KeyFolder
from server.record.standing import differing, refresh_everybody
from server.record.verify import verify
from server.settings import Settings
from server.storage import tables
from server.storage.age import NoKey, WrongKey, decrypt, is_encrypted
from server.storage.backup import (
    DamagedBackup,
    Manifest,
    NewerBackup,
    NotABackup,
    NotEmpty,
    counted,
    restore_backup,
)
from server.storage.engine import open_engine, reading, writing
from server.storage.schema import newest_schema


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--drill", is_flag=True, help="Into a temporary place; compare, say how long it took.")
@click.option(
    "--key",
    "identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the secret key of an encrypted backup.",
)
def command(file: Path, drill: bool, identity: Path | None) -> None:
    """Bring a backup back, into an empty database and nowhere else."""
    settings = load_settings()
    if drill:
        hold_drill(file, settings, identity)
        return
    manifest = restored(file, connect(settings), identity)
    say(N_("%(made)s の控えを戻しました：%(rows)s 行。"), made=manifest.made, rows=manifest.rows)
    say(
        N_("全員がログインし直します。封印の鍵も %(path)s に戻してください。"),
        path=settings.key_folder,
    )


def hold_drill(file: Path, settings: Settings, identity: Path | None) -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kyozai-drill-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'drill.db'}")
        click.get_current_context().call_on_close(engine.dispose)
        manifest = restored(file, engine, identity)
        took = time.monotonic() - began
        faults = compared(engine, manifest, settings)
        engine.dispose()
    say(N_("%(rows)s 行を %(seconds).1f 秒で戻せました。"), rows=manifest.rows, seconds=took)
    if faults:
        raise SystemExit(1)
    say(N_("行の数、封印、受講状態は、どれも合っています。仮の場所は消しました。"))


def compared(engine: Engine, manifest: Manifest, settings: Settings) -> int:
    """How many of the comparisons failed; each says so."""
    with reading(engine) as connection:
        counts = counted(connection)
        verified = verify(connection, KeyFolder(settings.key_folder))
        newest = newest_seal(connection)
        people = list(connection.scalars(select(tables.person.c.id)))
        wrong = differing(connection, people)
    lost = [name for name, kept in manifest.tables.items() if counts.get(name) != kept.rows]
    for name in lost:
        complain(N_("表 %(name)s の行の数が控えと違います。"), name=name)
    if newest:
        say(N_("最も新しい封印 %(mark)s"), mark=newest.mark)
    if verified.findings:
        complain(N_("封印に合わない所が %(count)s 件あります。"), count=len(verified.findings))
    if wrong:
        complain(N_("受講状態が規則と違う職員が %(count)s 人います。"), count=len(wrong))
    return len(lost) + len(verified.findings) + len(wrong)


def restored(file: Path, engine: Engine, identity: Path | None) -> Manifest:
    """Stops the command with what is wrong: nothing was restored. States of an older backup are made anew."""
    manifest = brought_back(file, engine, identity)
    if manifest.schema != newest_schema():
        with writing(engine) as connection:
            refresh_everybody(connection)
    return manifest


def brought_back(file: Path, engine: Engine, identity: Path | None) -> Manifest:
    try:
        with file.open("rb") as data, plain(data, identity) as archive:
            return restore_backup(archive, engine)
    except NotABackup as error:
        stop(N_("%(file)s は控えではないか、途中で切れています。何も戻していません。"), error, file=file)
    except DamagedBackup as error:
        stop(
            N_("%(file)s は壊れています（表 %(table)s）。何も戻していません。"),
            error,
            file=file,
            table=error.table,
        )
    except NewerBackup as error:
        stop(N_("新しい版の Kyozai の控えです。Kyozai を新しくしてから戻してください。"), error)
    except NotEmpty as error:
        stop(N_("戻す先が空ではありません。空のデータベースを用意してください。何も変えていません。"), error)
    except WrongKey as error:
        stop(N_("この鍵では読めません。--key で、この控えの鍵のファイルを指定してください。"), error)
    except NoKey as error:
        stop(N_("%(file)s は age の秘密鍵のファイルではありません。"), error, file=error)


def stop(message: str, error: Exception, **values: object) -> NoReturn:
    complain(message, **values)
    raise SystemExit(1) from error


@contextmanager
def plain(data: IO[bytes], identity: Path | None) -> Iterator[IO[bytes]]:
    """The archive itself: a decrypted one in a file that nobody else can open."""
    if not is_encrypted(data):
        yield data
        return
    if identity is None:
        raise WrongKey
    with tempfile.TemporaryFile() as out:
        decrypt(data, out, identity)
        yield out
