"""For every test: no deadlines in properties, and `--complete`, with which a run must leave nothing out."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.builders.databases import PostgreSQL

KINDS = ("unit", "http", "browser")

settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Of a database with the newest schema, once of each kind. Commands that a test runs find it, too."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'kyozai.db'}"
        monkeypatch.setenv("KYOZAI_DATABASE_URL", url)
        yield url
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database(server.newest_schema) as url:
        monkeypatch.setenv("KYOZAI_DATABASE_URL", url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database in which nothing is, not even a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kyozai.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database() as url:
        yield url


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--complete", action="store_true", help="fail when a test was skipped or a kind of test has none"
    )


class Completeness:
    """Counts what ran, by kind: the folder of `tests/` that a test stands in."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.left_out: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped or hasattr(report, "wasxfail"):
            self.left_out.append(report.nodeid)
        elif report.when == "call":
            self.ran[Path(report.nodeid).parts[1]] += 1

    def faults(self) -> list[str]:
        empty = [f"no {kind} test ran" for kind in KINDS if self.ran[kind] == 0]
        return empty + [f"left out: {test}" for test in self.left_out]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.faults() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        counts = ", ".join(f"{kind}: {self.ran[kind]}" for kind in KINDS)
        terminalreporter.write_line(f"tests by kind: {counts}; left out: {len(self.left_out)}")
        for fault in self.faults():
            terminalreporter.write_line(f"INCOMPLETE {fault}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")  # of several processes, the one that starts them counts
    if config.getoption("--complete") and not is_worker:
        config.pluginmanager.register(Completeness(), "completeness")
