"""docs/getting-started.md, done: every command on the page, in an empty folder, in the page's order."""

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from builder.package import packages_in
from server.web.csv_file import BYTE_ORDER_MARK
from tests.builders.learner import Learner
from tests.builders.served import PATIENCE, answers_at, free_port, wait_until
from tests.builders.site import enrols
from tests.http.pages import PageClient, http_client

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "getting-started.md"
PART = re.compile(
    r"^## (?P<heading>[^\n]*)$|^```(?P<kind>sh|csv)\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"^(\d+) .*(http\S+/activate/\S+)$", re.MULTILINE)
LEARNING = "パスワードを決めて、学ぶ"
LEARNER, HR = "00123", "00002"
PASSWORD = "umi-to-kamome-27"


@dataclass
class Reader:
    """Somebody who follows the page in an empty folder of their own."""

    folder: Path
    port: int = field(default_factory=free_port)
    printed: str = ""
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """As after "make env". Only the port is another: 8000 may be in use where tests run."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "KYOZAI": str(ROOT), "KYOZAI_URL": self.url}

    def does(self, part: re.Match[str]) -> None:
        if part["kind"] == "csv":
            (self.folder / "staff.csv").write_text(part["block"], encoding="utf-8")
        elif part["kind"] == "sh" and part["block"].startswith("kyozai serve"):
            self.serves(part["block"].strip())
        elif part["kind"] == "sh":
            self.types(part["block"])
        elif LEARNING in part["heading"]:
            self.learns()

    def types(self, commands: str) -> None:
        result = subprocess.run(
            ["bash", "-euc", commands],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert result.returncode == 0, f"{commands}\n{result.stdout}\n{result.stderr}"
        self.printed += result.stdout

    def serves(self, command: str) -> None:
        self.server = subprocess.Popen(
            ["bash", "-euc", f"exec {command} --port {self.port}"],
            cwd=self.folder, env=self.environment, start_new_session=True,
        )  # fmt: skip
        wait_until(lambda: answers_at(self.port))

    def learns(self) -> None:
        (package,) = packages_in(self.folder / "dist")
        learner = Learner(self.enters(LEARNER), package.read_bytes())
        assert "修了しました" in learner.takes("customer-view").heading
        hr = self.enters(HR)
        enrols(hr)
        assert hr.shown.heading == "受講状況"

    def enters(self, number: str) -> PageClient:
        client = http_client(self.url)
        client.get(dict(LINK.findall(self.printed))[number])
        client.submit("activate", password=PASSWORD, again=PASSWORD)
        client.submit("sign-in", number=number, password=PASSWORD)
        return client

    def stops(self) -> None:
        if self.server is not None:
            os.kill(self.server.pid, signal.SIGTERM)
            self.server.wait(PATIENCE)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.stops()


def test_the_page_leads_from_an_empty_folder_to_an_export_with_the_completion(reader: Reader) -> None:
    for part in PART.finditer(PAGE.read_text(encoding="utf-8")):
        reader.does(part)

    text = (reader.folder / "records.csv").read_text(encoding="utf-8").removeprefix(BYTE_ORDER_MARK)
    rows = [row for row in csv.DictReader(text.splitlines()) if row["職員番号"] == LEARNER]
    assert [row["受講状態"] for row in rows].count("修了") == 1
    assert rows[0]["氏名"] == "青海 はる"
    assert LEARNER in reader.printed
