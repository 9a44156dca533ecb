"""A preview that runs as people run it, in a process of its own."""

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.http.pages import PageClient, http_client, text_of

PATIENCE = 60
"""Seconds."""
KYOZAI = Path(sys.executable).with_name("kyozai")


class Preview:
    """A preview that runs, and a browser that looks at it."""

    def __init__(self, process: "subprocess.Popen[str]", root: Path) -> None:
        self.process = process
        self.root = root
        said = process.stdout.readline() if process.stdout else ""
        self.url = said.partition("：")[2].partition("（")[0].removesuffix("ja/")
        self.host = urlsplit(self.url).netloc
        self.browser: PageClient = http_client(f"{self.url}ja/")
        self.stream = self.connection()
        self.stream.request("GET", "/events")
        self.events = self.stream.getresponse()
        self.mark = self.next_mark()

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, timeout=PATIENCE)

    def next_mark(self) -> str:
        """Waits until the preview tells one."""
        deadline = time.monotonic() + PATIENCE
        for line in iter(self.events.readline, b""):
            if line.startswith(b"data: "):
                return line.removeprefix(b"data: ").decode().strip()
            assert time.monotonic() < deadline, "still there, and nothing new"
        raise AssertionError("the stream of events ended")

    def save(self, path: str, text: str) -> None:
        """At once, never half a file; returns when the preview has read the course again."""
        whole = self.root / "being-saved"
        whole.write_text(text, encoding="utf-8")
        whole.replace(self.root / path)
        self.mark = self.next_mark()

    def problems(self) -> str:
        found = [
            text_of(part)
            for part in self.browser.shown.all("section")
            if part.get("aria-labelledby") == "problems-title"
        ]
        return "".join(found)

    def status(self, path: str, host: str) -> int:
        connection = self.connection()
        connection.request("GET", path, headers={"Host": host})
        status = connection.getresponse().status
        connection.close()
        return status

    def close(self) -> None:
        self.events.close()
        self.stream.close()
        self.process.kill()
        self.process.communicate()


@contextmanager
def previewing(root: Path) -> Iterator[Preview]:
    process = subprocess.Popen(
        [KYOZAI, "preview", "--course", root, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=heed_ctrl_c,
    )
    preview = Preview(process, root)
    try:
        yield preview
    finally:
        preview.close()


def heed_ctrl_c() -> None:
    """A shell that runs the tests in the background has its children ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
