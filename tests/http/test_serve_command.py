"""`kyozai serve`: a real server in processes of its own, how it ends, and when it does not begin."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from server.storage.engine import writing
from tests.builders.machine import kyozai
from tests.builders.served import SECRET, Served, wait_until
from tests.builders.site import Site
from tests.http.pages import http_client


@pytest.fixture
def served(site: Site, tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    served.start()
    yield served
    if processes_of(served):
        served.kill()


def processes_of(served: Served) -> list[int]:
    """Those of the group that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == served.group and state != "Z":
            found.append(int(folder.name))
    return found


def refused(folder: Path, *options: str, secret: str = SECRET) -> str:
    """What is said by a server that does not begin."""
    result = kyozai(
        "serve", *options, folder=folder.parent, KYOZAI_DATA=str(folder), KYOZAI_SECRET_KEY=secret
    )
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr


def test_it_answers_and_says_where_it_listens(served: Served) -> None:
    page = http_client(served.url).get("/sign-in")

    assert page.heading == "ログイン"
    assert f"{served.url} で待ち受けます。" in served.log.read_text()


def test_over_plain_http_it_says_that_the_cookie_has_its_plain_name(served: Served) -> None:
    assert "クッキーの名前は kyozai です（https では __Host-kyozai）。" in served.log.read_text()


def test_killing_the_group_leaves_nothing(served: Served) -> None:
    assert len(processes_of(served)) >= 3

    served.kill()

    wait_until(lambda: not processes_of(served))
    wait_until(lambda: not served.answers())


def test_stopping_ends_every_process_with_success(served: Served) -> None:
    assert served.stop() == 0
    wait_until(lambda: not processes_of(served))


def test_forms_that_never_end_hold_up_nobody_else(served: Served) -> None:
    half = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nnumber=1"
    with ExitStack() as slow_networks:
        for _ in range(8):
            slow = slow_networks.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            slow.sendall(half)
            wait_until(partial(has_read_what_was_sent, served, slow))
        pages = [http_client(served.url).get("/sign-in") for _ in range(4)]

    assert [page.heading for page in pages] == ["ログイン"] * 4


def test_a_request_under_way_is_answered_before_it_stops(served: Served, site: Site) -> None:
    with ExitStack() as other, socket.create_connection(("127.0.0.1", served.port)) as asking:
        other.enter_context(writing(site.engine))  # no new session is written until it ends
        asking.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        wait_until(lambda: has_read_what_was_sent(served, asking))
        os.kill(served.group, signal.SIGTERM)
        wait_until(lambda: not served.answers())
        other.close()
        answered = asking.makefile("rb").read()

    assert answered.startswith(b"HTTP/1.1 200 OK")
    assert answered.rstrip().endswith(b"</html>")
    assert served.wait() == 0


def has_read_what_was_sent(served: Served, client: socket.socket) -> bool:
    """Whether nothing of it waits in the server's socket any more, as Linux tells."""
    here, there = f":{served.port:04X}", f":{client.getsockname()[1]:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, _, queues, *_ = line.split()
        if local.endswith(here) and remote.endswith(there):
            return queues.endswith(":00000000")
    return False


def test_a_worker_that_dies_is_replaced(served: Served) -> None:
    worker = next(process for process in processes_of(served) if process != served.group)
    os.kill(worker, signal.SIGKILL)

    wait_until(lambda: worker not in processes_of(served) and len(processes_of(served)) >= 3)
    wait_until(served.answers)
    assert http_client(served.url).get("/sign-in").heading == "ログイン"


def test_a_port_in_use_is_said(served: Served, tmp_path: Path) -> None:
    message = refused(tmp_path, "--port", str(served.port))

    assert f"127.0.0.1:{served.port} では待ち受けられません" in message
    assert "--port" in message


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "kyozai.example.jp"])
def test_other_machines_are_served_over_https_only(site: Site, tmp_path: Path, host: str) -> None:
    message = refused(tmp_path, "--host", host)

    assert "https://" in message
    assert "http://127.0.0.1:8000" in message


def test_without_settings_the_way_to_them_is_said(tmp_path: Path) -> None:
    message = refused(tmp_path, secret="")

    assert "secret_key" in message
    assert "kyozai init" in message


def test_without_a_database_the_way_to_one_is_said(tmp_path: Path) -> None:
    assert "kyozai init" in refused(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_there_is_no_debug_mode(tmp_path: Path) -> None:
    result = kyozai("serve", "--debug", folder=tmp_path)

    assert result.returncode == 2
    assert "There is no debug mode" in kyozai("serve", "--help", folder=tmp_path).stdout
