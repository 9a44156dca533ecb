"""`kyozai backup [--new-key] FILE`"""

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

import click

from builder.language import N_
from server.commands.environment import complain, load_settings, open_database, say
from server.commands.files import written_whole
from server.storage.age import NoKey, encrypting, new_identity
from server.storage.backup import write_backup
from server.web import clock


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--new-key", is_flag=True, help="Make a key for backups in FILE instead, and say what to set.")
def command(file: Path, new_key: bool) -> None:
    """Write everything of this moment into FILE, while the server goes on.

    With the setting backup_recipient it is encrypted. FILE is there when it is whole.
    """
    if new_key:
        make_key(file)
        return
    settings = load_settings()
    engine = open_database(settings)
    try:
        with written_whole(file) as out, encrypted(out, settings.backup_recipient) as plain:
            manifest = write_backup(engine, plain, clock.now())
    except NoKey as bad:
        complain(N_("設定 backup_recipient は age の公開鍵（age1…）ではありません：%(key)s"), key=bad)
        raise SystemExit(1) from bad
    say(
        N_("%(path)s に %(tables)s 表、%(rows)s 行を控えました（%(bytes)s バイト）。"),
        path=file,
        tables=len(manifest.tables),
        rows=manifest.rows,
        bytes=file.stat().st_size,
    )
    if not settings.backup_recipient:
        say(N_("暗号化していません。氏名と回答が入っています。設定 backup_recipient で暗号化できます。"))


def encrypted(out: IO[bytes], recipient: str | None) -> AbstractContextManager[IO[bytes]]:
    return encrypting(out, recipient) if recipient else nullcontext(out)


def make_key(file: Path) -> None:
    secret, public = new_identity()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        complain(N_("「%(path)s」に書けません（%(reason)s）。"), path=file, reason=error.strerror)
        raise SystemExit(1) from error
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"# public key: {public}\n{secret}\n")
    say(N_("復元に使う鍵を %(path)s に作りました。サーバーの外に置いてください。"), path=file)
    say(N_("これをなくすと、暗号化した控えは、だれにも読めません。"))
    say(N_('設定に次の行を加えてください：backup_recipient = "%(key)s"'), key=public)
