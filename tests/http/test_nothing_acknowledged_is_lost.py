"""Kill the server at random moments while several people answer. What it acknowledged must be there."""

import random
import threading
import time
import urllib.error
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server.record.standing import differing
from server.storage import tables
from server.storage.engine import reading
from tests.builders.learner import Learner
from tests.builders.package import real_course
from tests.builders.served import PATIENCE, Served, wait_until
from tests.builders.site import Site
from tests.builders.staff import PASSWORD, Person
from tests.http.pages import PageClient, http_client

CLIENTS = 5
ANSWERS = 240
KILLS = 6
UNREACHABLE = (urllib.error.URLError, ConnectionError, HTTPException, TimeoutError)


@dataclass
class Log:
    """What the clients were told: (attempt, question) of every answer whose page they saw."""

    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    interruptions: int = 0
    faults: list[Exception] = field(default_factory=list)

    @property
    def is_enough(self) -> bool:
        return len(self.acknowledged) >= ANSWERS or bool(self.faults)


def answer_until_enough(url: str, person: Person, log: Log, seed: int) -> None:
    """Sign in, take quizzes, begin again wherever the server left off when it was killed."""
    chance = random.Random(seed)
    while not log.is_enough:
        try:
            answer_quizzes(Learner(signed_in(url, person), real_course()), log, chance)
        except UNREACHABLE:
            log.interruptions += 1
            time.sleep(0.05)
        except Exception as fault:
            log.faults.append(fault)


def signed_in(url: str, person: Person) -> PageClient:
    client = http_client(url)
    client.get("/sign-in")
    client.submit("sign-in", number=person.number, password=PASSWORD)
    return client


def answer_quizzes(learner: Learner, log: Log, chance: random.Random) -> None:
    while not log.is_enough:
        learner.begins(chance.choice(["customer-view", "co-creation"]))
        while "/result" not in learner.client.shown.path and not log.is_enough:
            _, _, attempt_id, question_id = learner.client.shown.path.split("?")[0].split("/")
            learner.answers(right=chance.random() < 0.7)
            log.acknowledged.add((attempt_id, question_id))
            learner.goes_on()


@pytest.fixture
def people(site: Site) -> list[Person]:
    """With a course to answer."""
    site.publishes(real_course())
    site.staff.policy()
    return [site.staff.person(f"受講 {number}") for number in range(CLIENTS)]


def test_every_acknowledged_answer_survives_kills(site: Site, people: list[Person], tmp_path: Path) -> None:
    served, log = Served(tmp_path), Log()
    served.start()
    threads = [
        threading.Thread(target=answer_until_enough, args=(served.url, person, log, seed))
        for seed, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    kill_at_random_moments(served, log)
    for thread in threads:
        thread.join(PATIENCE)
    served.kill()

    assert not log.faults
    kept = stored_answers(site)
    print(f"\n{len(log.acknowledged)} acknowledged, {len(kept)} kept, {log.interruptions} interruptions")
    assert len(log.acknowledged) >= ANSWERS
    assert log.acknowledged - kept == set()
    assert every_finished_attempt_is_recorded_once(site)
    with reading(site.engine) as connection:
        assert differing(connection, [person.id for person in people]) == []


def kill_at_random_moments(served: Served, log: Log) -> None:
    """Spread over the run: each kill waits for its share of the answers and a random moment more."""
    chance = random.Random(2022)
    for share in range(1, KILLS + 1):
        due = ANSWERS * share / (KILLS + 1)
        wait_until(partial(has_reached, log, due))
        time.sleep(chance.random() * 0.2)
        served.kill()
        served.start()


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
