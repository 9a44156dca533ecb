"""`kyozai serve`: the pages, on a production WSGI server."""

import ipaddress
import os
import signal
import socket

import click

from builder.language import N_
from server.commands.environment import complain, load_settings, open_database, say, signing_keys
from server.settings import Settings

LAST_REQUESTS = 10
"""Seconds that requests under way have to end when the server is told to stop."""

THREADS = 32
"""Requests that one process works on at once: one that waits for a slow network holds up no other."""

APPLICATION = "server.app:create_app"

NOT_FREE = N_("%(host)s:%(port)s では待ち受けられません（%(reason)s）。--port で別の番号を選んでください。")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
def command(host: str, port: int, workers: int) -> None:
    """Serve the course. There is no debug mode.

    Outside loopback the setting `url` must begin with https://: TLS ends at a proxy before this server.
    """
    settings = load_settings()
    open_database(settings).dispose()
    signing_keys(settings)
    stop_unless_safe(settings, host)
    stop_unless_free(host, port)
    if not settings.is_https:
        say(N_("暗号化しない http なので、クッキーの名前は kyozai です（https では __Host-kyozai）。"))
        say(N_("この機械の中だけで使ってください。"))
    say(N_("%(address)s で待ち受けます。止めるときは Ctrl-C を押します。"), address=address_of(host, port))
    serve(host, port, workers)


def address_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def stop_unless_safe(settings: Settings, host: str) -> None:
    if not is_loopback(host) and not settings.is_https:
        complain(
            N_("%(host)s で待ち受けるには、設定 url を https:// で始めてください（今は %(url)s）。"),
            host=host,
            url=settings.url,
        )
        raise SystemExit(1)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def stop_unless_free(host: str, port: int) -> None:
    """A port in use would otherwise show as a fault of each worker."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as refused:
            complain(NOT_FREE, host=host, port=port, reason=refused.strerror)
            raise SystemExit(1) from refused


def serve(host: str, port: int, workers: int) -> None:
    """Returns when it was told to stop. The processes end with their group."""
    from granian import Granian  # loads the server's compiled part: only when it serves
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.register_at_fork(after_in_child=end_when_told)
    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        factory=True,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_REQUESTS,
        log_level=LogLevels.error,  # it warns of THREADS at every start, which is meant
    ).serve()


def end_when_told() -> None:
    """A worker that still loads has no handler of its own yet, and would not hear the parent's signal."""
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, signal.SIG_DFL)
