"""For every test: no deadlines in properties, and `--complete`, with which a run must leave nothing out."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

KINDS = ("unit", "http", "browser")

settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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
    if config.getoption("--complete"):
        config.pluginmanager.register(Completeness(), "completeness")
