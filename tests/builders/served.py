"""`kyozai serve` as a process group of its own, which can be stopped, killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

KYOZAI = str(Path(sys.executable).with_name("kyozai"))
SECRET = "k" * 32
PATIENCE = 120


class Served:
    """Over the SQLite database in `folder`. What it prints is in `folder / "serve.log"`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "serve.log"
        self.environment = {
            **os.environ, "KYOZAI_DATA": str(folder), "KYOZAI_SECRET_KEY": SECRET, "KYOZAI_URL": self.url,
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [KYOZAI, "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, start_new_session=True, stdout=log, stderr=log
            )
        wait_until(self.answers)

    def answers(self) -> bool:
        return answers_at(self.port)

    @property
    def group(self) -> int:
        assert self.process is not None
        return self.process.pid

    def stop(self) -> int:
        """As an operator does it. Returns the exit code."""
        os.kill(self.group, signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        os.killpg(self.group, signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        assert self.process is not None
        return self.process.wait(PATIENCE)


def answers_at(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            # where nobody listens, a connection may be given the very port that it asks for, and meet itself
            return bool(connection.getsockname() != connection.getpeername())
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it does not come to pass"
        time.sleep(0.05)
