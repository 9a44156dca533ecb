"""The records as files: CSV against what the database gives by itself, the others against our CSV."""

import os
import re
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from server.demo.simulation import Size, simulate
from server.reporting.formats import FORMATS
from server.web import clock
from tests.benchmarks.courses import write_course
from tests.benchmarks.measuring import PYTHON, Goal, Line, in_turns, line
from tests.builders.databases import PostgreSQL
from tests.builders.package import package_of
from tests.builders.site import Site

TURNS = 3
PEOPLE = 20_000
MODULES = 10
COPY = str(Path(__file__).parent / "floors" / "copied.py")
EXPORT = """
import atexit, sys
from pathlib import Path
atexit.register(lambda: sys.stderr.write(Path("/proc/self/status").read_text()))
from server.commands import main
main()
"""
"""The command, which says at its end how much memory it ever had."""

QUERY = """
SELECT d.number, d.name, p.department_id, s.module_id, s.state, s.due_day, s.from_day, c.module_version,
  c.completed_at, c.evidence
FROM person_details d
JOIN posting p ON p.person_id = d.person_id AND p.kind = 'main' AND p.first_day <= '{day}'
  AND (p.last_day IS NULL OR p.last_day >= '{day}')
JOIN standing s ON s.person_id = d.person_id AND s.module_id <> '' AND s.from_day <= '{day}'
  AND (s.until_day IS NULL OR s.until_day > '{day}')
LEFT JOIN completion c ON c.id = (SELECT id FROM completion x WHERE x.person_id = d.person_id
  AND x.module_id = s.module_id AND x.completed_day <= '{day}' ORDER BY x.completed_at DESC LIMIT 1)
ORDER BY d.sort_key, s.module_id
"""
"""The same rows and ten columns, without their rules: no paths, no words, no eras."""


@dataclass
class Runs:
    """`peaks`: MiB, by format, of every turn."""

    folder: Path
    environment: Mapping[str, str]
    peaks: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def export(self, name: str) -> float:
        out = self.folder / f"out.{name}"
        options = ("records", "export", "--format", name, "--output", str(out))
        seconds, said = timed((PYTHON, "-c", EXPORT, *options), self.folder / "ignored", self.environment)
        (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", said) or ["0"]
        self.peaks[name].append(int(peak) / 1024)
        return seconds

    def floor(self, *command: str) -> float:
        return timed(command, self.folder / "floor.csv", self.environment)[0]

    def rows(self) -> int:
        """Of both, which have to be as many."""
        ours, floor = ((self.folder / name).read_bytes().count(b"\n") for name in ("out.csv", "floor.csv"))
        assert ours == floor, f"{ours} rows of ours, {floor} of the floor"
        return ours - 1


def timed(command: tuple[str, ...], out: Path, environment: Mapping[str, str]) -> tuple[float, str]:
    """Seconds of a whole process, and what it said besides."""
    start = time.perf_counter()
    with out.open("wb") as file:
        done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, check=False, env=environment)
    end = time.perf_counter()
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}\n{done.stderr.decode()}")
    return end - start, done.stderr.decode()


def exports(*, small: bool) -> Iterator[Line]:
    people, turns = (20, 1) if small else (PEOPLE, TURNS)
    with TemporaryDirectory() as name:
        yield from on_sqlite(Path(name), people, turns)
    server = PostgreSQL()
    try:
        with TemporaryDirectory() as name, server.database() as url:
            yield from on_postgresql(Path(name), url, people, turns)
    finally:
        server.stop()


def on_sqlite(folder: Path, people: int, turns: int) -> Iterator[Line]:
    database = folder / "kyozai.db"
    runs = prepared(folder, f"sqlite:///{database}", people)
    contenders: dict[str, Callable[[], float]] = {
        "floor": lambda: runs.floor("sqlite3", "-csv", "-header", str(database), query()),
        **{name: partial(runs.export, name) for name in FORMATS},
    }
    times = in_turns(contenders, turns)
    rows = f"{runs.rows():,} rows"
    yield line(f"CSV export of {rows} against the sqlite3 shell", times, "csv", "floor", Goal(2.2))
    for name in FORMATS:
        if name != "csv":
            goal = Goal(3) if name == "xlsx" else None
            yield line(f"{name} export of {rows} against our CSV", times, name, "csv", goal)
    for name, most in (("csv", 80), ("xlsx", 300)):
        yield peak(f"{name} export of {rows}, peak memory in MiB", runs.peaks[name], most)


def on_postgresql(folder: Path, url: str, people: int, turns: int) -> Iterator[Line]:
    runs = prepared(folder, url, people)
    contenders = {
        "floor": lambda: runs.floor(PYTHON, COPY, url, query()),
        "csv": lambda: runs.export("csv"),
    }
    times = in_turns(contenders, turns)
    rows = f"{runs.rows():,} rows"
    yield line(f"CSV export of {rows} against COPY in PostgreSQL", times, "csv", "floor", Goal(1.2))
    yield peak(f"CSV export of {rows} from PostgreSQL, peak memory in MiB", runs.peaks["csv"], 80)


def query() -> str:
    return QUERY.format(day=clock.today())


def prepared(folder: Path, url: str, people: int) -> Runs:
    """An office that is a year old, with ten modules."""
    site = Site(folder, database_url=url)
    package = package_of(write_course(folder / "course", MODULES))
    simulate(site.engine, package, Size(people, 1, seed=7), clock.today())
    with site.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    site.close()
    settings = {"DATABASE_URL": url, "DATA": str(folder), "SECRET_KEY": "k" * 32}
    return Runs(folder, {**os.environ, **{f"KYOZAI_{name}": value for name, value in settings.items()}})


def peak(what: str, peaks: list[float], most: float) -> Line:
    return Line(what, median(peaks), Goal(most), "of the whole process")
