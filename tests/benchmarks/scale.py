"""A whole metropolis on PostgreSQL: `python -m tests.benchmarks.scale [--people N] [--years N]`.

Prints what docs/operations.md repeats. Nothing here is asserted: the goals stand in docs/performance.md.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, Engine, func, select, text

from builder.package import packages_in
from server.demo.simulation import Size, simulate
from server.record.department_history import department_history
from server.record.seals import seal_now
from server.record.signing import KeyFolder
from server.record.verify import verify
from server.reporting.department_report import department_report
from server.reporting.export import Export
from server.reporting.filters import NOT_YET, Filter
from server.reporting.formats import FORMATS
from server.reporting.people import page_of_people, people_asked_for, states_on
from server.storage import tables
from server.storage.engine import open_engine, reading
from server.storage.schema import upgrade
from tests.benchmarks.exports import QUERY
from tests.builders.databases import PostgreSQL

PAGE = 100
TURNS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=170_000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--package", type=Path, default=next(iter(packages_in(Path("dist"))), None))
    parser.add_argument("--export", nargs=4, metavar=("URL", "FORM", "DAY", "KEYS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.export:
        export_alone(*arguments.export)
        return
    cluster = PostgreSQL()
    try:
        with tempfile.TemporaryDirectory() as folder, cluster.database() as url:
            size = Size(arguments.people, arguments.years, seed=7)
            measure(url, Path(folder), arguments.package.read_bytes(), size)
    finally:
        cluster.stop()


def measure(url: str, folder: Path, data: bytes, size: Size) -> None:
    today = datetime.now(UTC).date()
    engine, keys = open_engine(url), KeyFolder(folder / "keys")
    keys.make()
    upgrade(engine)
    fill(engine, data, size, today)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        size_now = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        say("size of the database", f"{size_now // 1024 // 1024} MiB")
    records(engine, keys)
    pages(engine, today)
    exports(engine, url, today, keys)
    engine.dispose()


def fill(engine: Engine, data: bytes, size: Size, today: date) -> None:
    with timed() as took:
        rows = simulate(engine, data, size, today)
    say("simulate", f"{size.people} people, {size.years} years: {rows} rows, {rows / took():.0f} a second")


def records(engine: Engine, keys: KeyFolder) -> None:
    with reading(engine) as connection:
        entries = connection.scalar(select(func.count()).select_from(tables.entry)) or 0
    with timed() as took:
        seal_now(engine, keys.current(), datetime.now(UTC))
    say("seal", f"{entries} entries, {entries / took():.0f} a second")
    with timed() as took, reading(engine) as connection:
        seen = verify(connection, keys)
    assert not seen.findings, seen.findings
    say("verify", f"{seen.entries} entries, {seen.entries / took():.0f} a second")


def pages(engine: Engine, today: date) -> None:
    asked = Filter(today, states=frozenset(NOT_YET))

    def not_started(connection: Connection) -> None:
        departments = department_history(connection)
        totals = states_on(connection, departments, asked)
        page_of_people(connection, departments, asked, 0, PAGE, totals)

    def organisation(connection: Connection) -> None:
        tree = department_history(connection).on(today)
        department_report(connection, tree, Filter(today), hides_small=False)

    for what, operation, goal in (
        ("not-started list, first page", not_started, "≤ 300 ms"),
        ("department table of everybody", organisation, "≤ 2000 ms"),
    ):
        say(what, f"{median(turns(engine, operation)) * 1000:.0f} ms (goal {goal})")
    with engine.connect() as connection:
        query = people_asked_for(department_history(connection), asked)
        query = query.order_by(tables.person_details.c.sort_key).limit(PAGE)
        compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
        for (line,) in connection.execute(text(f"EXPLAIN (ANALYZE, COSTS off, SUMMARY off) {compiled}")):
            print("   ", line)


def turns(engine: Engine, operation: Callable[[Connection], None]) -> Iterator[float]:
    for _ in range(TURNS):
        with reading(engine) as connection, timed() as took:
            operation(connection)
        yield took()


def exports(engine: Engine, url: str, today: date, keys: KeyFolder) -> None:
    with timed() as took:
        floor = copied(engine, today)
    copying = took()
    say("COPY of the like", f"{floor} bytes, {copying:.1f} s")
    seconds: dict[str, float] = {}
    for form in FORMATS:
        command = [sys.executable, "-m", "tests.benchmarks.scale", "--export"]
        done = subprocess.run(
            [*command, url, form, today.isoformat(), str(keys.path)],
            check=True,
            capture_output=True,
            text=True,
        )
        took_text, peak, size = done.stdout.split()
        seconds[form] = float(took_text)
        against = f"{seconds[form] / copying:.1f} × COPY, {seconds[form] / seconds['csv']:.1f} × csv"
        say(f"export {form}", f"{size} bytes, {seconds[form]:.1f} s, {against}, peak {peak} MiB")


def copied(engine: Engine, today: date) -> int:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        with cursor.copy(f"COPY ({QUERY.format(day=today)}) TO STDOUT (FORMAT csv)") as copy:
            return sum(len(piece) for piece in copy)
    finally:
        connection.close()


def export_alone(url: str, form: str, day: str, keys: str) -> None:
    """In a process of its own, so that its peak of memory is its own."""
    engine = open_engine(url)
    seal = seal_now(engine, KeyFolder(Path(keys)).current(), datetime.now(UTC))
    with timed() as took:
        export = Export(Filter(date.fromisoformat(day)), seal, FORMATS[form])
        size = sum(len(piece) for piece in export.pieces(engine))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{took():.2f} {peak} {size}")
    engine.dispose()


@contextmanager
def timed() -> Iterator[Callable[[], float]]:
    """Afterwards: the seconds that it took."""
    began = time.perf_counter()
    ended: list[float] = []
    yield lambda: ended[0] - began
    ended.append(time.perf_counter())


def say(what: str, result: str) -> None:
    print(f"{what:34} {result}", flush=True)


if __name__ == "__main__":
    main()
