"""`kyozai preview`: the course as a reader sees it, while it is being written."""

import errno
from pathlib import Path
from threading import Thread
from typing import NoReturn

import click

from builder.commands.options import course_option, language_option, show, stop
from builder.language import N_, Language, translations
from builder.making import print_pdf
from builder.preview.editions import Newest, read_edition
from builder.preview.printing import Printer
from builder.preview.serving import PreviewServer
from builder.preview.watching import files, keep_newest
from builder.sources import COURSE_FILE

READY = N_("プレビュー：%(url)s（終わるには Ctrl-C）")
PORT_IN_USE = N_("ポート %(port)d は、ほかのプログラムが使っています。--port で別の番号を指定してください。")
PORT_REFUSED = N_("ポート %(port)d を開けません（%(reason)s）。--port で別の番号を指定してください。")


@click.command()
@course_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    help="The port on this machine; 0 takes a free one. Default: 8001.",
)
@language_option
def command(root: Path, port: int, language: Language) -> None:
    """Show the course while it is being written."""
    seen = files(root)
    edition = read_edition(root)
    if not (root / COURSE_FILE).is_file():
        stop(edition.problems, language)
    show(edition.problems, language)
    newest = Newest(edition)
    server = open_server(newest, port, language)
    with server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            click.echo(translations(language).gettext(READY) % {"url": f"{server.url}{language}/"})
            keep_newest(newest, root, seen)
        except KeyboardInterrupt:
            server.shutdown()


def open_server(newest: Newest, port: int, language: Language) -> PreviewServer:
    try:
        return PreviewServer(newest, Printer(newest, print_pdf), port)
    except OSError as error:
        refuse(port, error, language)


def refuse(port: int, error: OSError, language: Language) -> NoReturn:
    message = PORT_IN_USE if error.errno == errno.EADDRINUSE else PORT_REFUSED
    values = {"port": port, "reason": error.strerror}
    click.echo(translations(language).gettext(message) % values, err=True)
    raise SystemExit(1)
