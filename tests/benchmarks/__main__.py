"""Results as ratios to floors of the same run: `python -m tests.benchmarks [TOPIC …] [--write PAGE]`."""

import argparse
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.build import build
from tests.benchmarks.deliveries import deliveries
from tests.benchmarks.exports import exports
from tests.benchmarks.handout import handout
from tests.benchmarks.measuring import Line
from tests.benchmarks.server import server
from tests.benchmarks.start import start

TOPICS: dict[str, Callable[..., Iterator[Line]]] = {
    "start": start,
    "build": build,
    "handout": handout,
    "deliveries": deliveries,
    "server": server,
    "exports": exports,
}

BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*", choices=[[], *TOPICS], help="all of them, if none is named")
    parser.add_argument("--write", type=Path, help="put the results into this page, between its marks")
    arguments = parser.parse_args()
    results = list(shown(arguments.topics or TOPICS))
    if arguments.write:
        write(arguments.write, results)


def shown(topics: Iterable[str]) -> Iterator[Line]:
    """Prints every line as soon as it is there."""
    for topic in topics:
        for line in TOPICS[topic](small=False):
            goal = f"{line.goal} {line.verdict}" if line.goal else ""
            print(f"{line.what:62} {line.ratio:7.3g}  {goal:16} {line.detail}", flush=True)
            yield line


def write(page: Path, results: Iterable[Line]) -> None:
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + BEGIN + table(results) + END + after, "utf-8")


def table(results: Iterable[Line]) -> str:
    rows = [
        f"| {line.what} | {line.ratio:.3g} | {line.goal or ''} | {line.verdict} | {line.detail} |\n"
        for line in results
    ]
    head = "| what | ratio | goal | | medians |\n|---|---|---|---|---|\n"
    return f"\nMeasured on {machine()}.\n\n{head}{''.join(rows)}\n"


def machine() -> str:
    today = datetime.now(UTC).date()
    python, system = platform.python_version(), f"{platform.system()} {platform.machine()}"
    return f"{today}: {os.cpu_count()} processors ({processor()}), {system}, Python {python}"


def processor() -> str:
    """As Linux names it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown")


if __name__ == "__main__":
    main()
