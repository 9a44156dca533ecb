"""Kill the server, its database and every long command at random moments while people answer.

What was acknowledged must be there exactly once, and of everything else all of it or nothing. Larger:
`FAULTS_CLIENTS=50 FAULTS_ANSWERS=1000 pytest -s` of this file.
"""

import os
import random
import signal
import subprocess
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server.record.standing import differing
from server.record.verify import verify
from server.storage import tables
from server.storage.engine import reading
from tests.builders.databases import PostgreSQL
from tests.builders.learner import Learner
from tests.builders.package import real_course
from tests.builders.served import KYOZAI, PATIENCE, Served, wait_until
from tests.builders.site import Site
from tests.builders.staff import PASSWORD, Person
from tests.http.pages import http_client

CLIENTS = int(os.environ.get("FAULTS_CLIENTS", "5"))
ANSWERS = int(os.environ.get("FAULTS_ANSWERS", "240"))
IMPORTED = 300
UNREACHABLE = (urllib.error.URLError, ConnectionError, HTTPException, TimeoutError)


@dataclass
class Log:
    """What the clients were told: (attempt, question) of every answer whose page they saw.

    `killed`: how often each command was killed before it was done, and how often it was done before.
    """

    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    interruptions: int = 0
    faults: list[Exception] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)

    @property
    def is_enough(self) -> bool:
        return len(self.acknowledged) >= ANSWERS or bool(self.faults)


def answer_until_enough(url: str, person: Person, log: Log, seed: int) -> None:
    """Take quizzes; begin again wherever the server left off when it was killed."""
    chance, client = random.Random(seed), http_client(url)
    while not log.is_enough:
        try:
            if client.get("/").path.startswith("/sign-in"):
                client.get("/sign-in")
                client.submit("sign-in", number=person.number, password=PASSWORD)
            answer_quizzes(Learner(client, real_course()), log, chance)
        except UNREACHABLE:
            log.interruptions += 1
            time.sleep(0.05)
        except Exception as fault:
            if " answers 503," not in str(fault):
                log.faults.append(fault)
            log.interruptions += 1
            time.sleep(0.05)


def answer_quizzes(learner: Learner, log: Log, chance: random.Random) -> None:
    while not log.is_enough:
        learner.begins(chance.choice(["customer-view", "co-creation"]))
        while "/result" not in learner.client.shown.path and not log.is_enough:
            _, _, attempt_id, question_id = learner.client.shown.path.split("?")[0].split("/")
            learner.answers(right=chance.random() < 0.7)
            log.acknowledged.add((attempt_id, question_id))
            learner.goes_on()


@dataclass
class House:
    """A server over a database, and the commands that somebody types beside it."""

    site: Site
    served: Served
    folder: Path
    postgresql: PostgreSQL | None

    def kill_server(self, _chance: random.Random) -> str:
        self.served.kill()
        self.served.start()
        return "server"

    def kill_database(self, chance: random.Random) -> str:
        """A SQLite database is its server's own."""
        if self.postgresql is None:
            return self.kill_server(chance)
        self.postgresql.kill()
        self.postgresql.start()
        return "database"

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [KYOZAI, *command],
            env=self.served.environment,
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
        )

    def kill(self, name: str, chance: random.Random) -> str:
        """The command a random moment after it began; says whether it was done before that."""
        process = subprocess.Popen(
            [KYOZAI, *COMMANDS[name]],
            env=self.served.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(0.5 + chance.random() * 1.5)
        process.send_signal(signal.SIGKILL)
        return f"{name} ({'done before' if process.wait() == 0 else 'killed'})"


COMMANDS = {
    "import": ("roster", "import", "staff.csv", "--yes", "--unusual", "--slips", "slips.html"),
    "seal": ("records", "seal"),
    "export": ("records", "export", "--output", "export.csv"),
    "backup": ("backup", "backup.zip"),
}
Killing = Callable[[random.Random], str]


def killings(house: House) -> list[Killing]:
    return [
        house.kill_server,
        *(partial(house.kill, name) for name in COMMANDS),
        house.kill_database,
        *(partial(house.kill, name) for name in COMMANDS),
        house.kill_server,
    ]


@pytest.fixture
def people(site: Site) -> list[Person]:
    """With a course to answer."""
    site.publishes(real_course())
    site.staff.policy()
    return [site.staff.person(f"受講 {number}") for number in range(CLIENTS)]


@pytest.fixture
def house(
    site: Site, people: list[Person], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[House]:
    staff = [f"9{number:05},取込 {number},トリコミ,0199,取込課,2026-04-01\n" for number in range(IMPORTED)]
    header = "職員番号,氏名,フリガナ,所属コード,所属名,配属日\n"
    (tmp_path / "staff.csv").write_text(header + "".join(staff), "utf-8")
    is_postgresql = site.engine.dialect.name == "postgresql"
    house = House(
        site, Served(tmp_path), tmp_path, request.getfixturevalue("postgresql") if is_postgresql else None
    )
    house.served.start()
    yield house
    house.served.kill()


def test_whatever_is_killed_what_was_acknowledged_is_there_once(house: House, people: list[Person]) -> None:
    site, log = house.site, Log()
    threads = [
        threading.Thread(target=answer_until_enough, args=(house.served.url, person, log, seed))
        for seed, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    kill_one_after_the_other(house, log)
    for thread in threads:
        thread.join(PATIENCE)

    assert not log.faults
    site.engine.dispose()
    kept = stored_answers(site)
    print(f"\n{len(log.acknowledged)} acknowledged, {len(kept)} kept, {log.interruptions} interruptions")
    print(", ".join(log.killed))
    assert len(log.acknowledged) >= ANSWERS
    assert log.acknowledged - kept == set()
    assert every_finished_attempt_is_recorded_once(site)
    assert imported(site) in (0, IMPORTED)
    assert_every_file_is_whole(house)
    assert_every_command_can_be_repeated(house)
    with reading(site.engine) as connection:
        assert differing(connection, list(connection.scalars(select(tables.person.c.id)))) == []
        assert verify(connection, site.keys).findings == ()


def assert_every_file_is_whole(house: House) -> None:
    """What a killed command left under its name was finished."""
    export, backup = house.folder / "export.csv", house.folder / "backup.zip"
    if export.exists():
        assert lines(export) in (rows_of(CLIENTS), rows_of(CLIENTS + IMPORTED))
    if backup.exists():
        assert house.run("restore", "--drill", "backup.zip").returncode == 0


def assert_every_command_can_be_repeated(house: House) -> None:
    for name in COMMANDS:
        done = house.run(*COMMANDS[name])
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    assert imported(house.site) == IMPORTED
    assert house.run("restore", "--drill", "backup.zip").returncode == 0
    assert lines(house.folder / "export.csv") == rows_of(CLIENTS + IMPORTED)


def lines(file: Path) -> int:
    return file.read_bytes().count(b"\r\n")


def rows_of(people: int) -> int:
    """Of ten modules, with the headings."""
    return people * 10 + 1


def imported(site: Site) -> int:
    details = tables.person_details
    with reading(site.engine) as connection:
        return connection.scalar(select(func.count()).where(details.c.number.like("9%"))) or 0


def kill_one_after_the_other(house: House, log: Log) -> None:
    """Spread over the run: each waits for its share of the answers and a random moment more."""
    chance, all_killings = random.Random(2022), killings(house)
    for number, killing in enumerate(all_killings, start=1):
        wait_until(partial(has_reached, log, ANSWERS * number / (len(all_killings) + 1)))
        log.killed.append(killing(chance))


def has_reached(log: Log, answers: float) -> bool:
    return log.is_enough or len(log.acknowledged) >= answers


def stored_answers(site: Site) -> set[tuple[str, str]]:
    with reading(site.engine) as connection:
        rows = connection.execute(select(tables.answer.c.attempt_id, tables.answer.c.question_id))
        return {(row.attempt_id, row.question_id) for row in rows}


def every_finished_attempt_is_recorded_once(site: Site) -> bool:
    """An attempt whose last answer was kept has its entry, and a passed one its completion: once."""
    with reading(site.engine) as connection:
        finished = set(
            connection.scalars(select(tables.attempt.c.id).where(tables.attempt.c.finished_at.is_not(None)))
        )
        passed = set(connection.scalars(select(tables.attempt.c.id).where(tables.attempt.c.passed)))
        submitted = [
            row.body["attempt"]
            for row in connection.execute(
                select(tables.entry.c.body).where(tables.entry.c.kind == "submitted")
            )
        ]
        completed = list(connection.scalars(select(tables.completion.c.attempt_id)))
        entries = connection.scalar(
            select(func.count()).select_from(tables.entry).where(tables.entry.c.kind == "completion")
        )
    return (
        sorted(submitted) == sorted(finished)
        and sorted(completed) == sorted(passed)
        and entries == len(passed)
    )
