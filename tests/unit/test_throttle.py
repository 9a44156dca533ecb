from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from server.identity import throttle
from server.identity.throttle import account_key, address_key, wait_after
from server.storage.engine import writing
from tests.builders.site import empty_database

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
ACCOUNT, ADDRESS = account_key("00123"), address_key("192.0.2.1")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = empty_database(database_url)
    yield engine
    engine.dispose()


def try_once(engine: Engine, at: datetime = NOON, number: str = "00123") -> timedelta | None:
    with writing(engine) as connection:
        return throttle.begin_try(connection, [account_key(number), ADDRESS], at)


def test_waits_begin_with_the_fifth_failure_and_double_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(failures, free=5).total_seconds() for failures in range(1, 18)]

    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert wait_after(10**9, free=5) == timedelta(minutes=15)


def test_five_tries_are_free_and_the_sixth_has_to_wait(engine: Engine) -> None:
    assert [try_once(engine) for _ in range(6)] == [None] * 5 + [timedelta(seconds=1)]


def test_after_the_wait_there_is_one_more_try_and_a_longer_wait(engine: Engine) -> None:
    for _ in range(5):
        try_once(engine)

    assert try_once(engine, NOON + timedelta(seconds=1)) is None
    assert try_once(engine, NOON + timedelta(seconds=1)) == timedelta(seconds=2)


def test_a_try_that_has_to_wait_makes_no_wait_longer(engine: Engine) -> None:
    for _ in range(50):
        try_once(engine)

    assert try_once(engine) == timedelta(seconds=1)


def test_other_accounts_are_not_slowed(engine: Engine) -> None:
    for _ in range(6):
        try_once(engine)

    assert try_once(engine, number="00124") is None


def test_many_accounts_from_one_address_are(engine: Engine) -> None:
    waits = [try_once(engine, number=f"{number:05}") for number in range(51)]

    assert waits == [None] * 50 + [timedelta(seconds=1)]


def test_a_success_clears_the_account_and_takes_one_failure_of_the_address_back(engine: Engine) -> None:
    for number in range(49):
        try_once(engine, number=f"{number:05}")
    try_once(engine)
    with writing(engine) as connection:
        throttle.succeed(connection, ACCOUNT, ADDRESS, NOON)

    assert [try_once(engine, number=f"{number:05}") for number in range(100, 103)] == [
        None,
        None,
        timedelta(seconds=1),
    ]


def test_failures_are_forgotten_after_a_day(engine: Engine) -> None:
    for _ in range(6):
        try_once(engine)
    later = NOON + timedelta(days=1, seconds=2)

    assert [try_once(engine, later) for _ in range(5)] == [None] * 5


def test_what_was_typed_as_a_number_is_not_kept() -> None:
    assert "hunter2hunter2" not in account_key("hunter2hunter2").name
