"""Staff with a history, written through the same operations that the server uses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from pydantic import SecretStr
from sqlalchemy import Engine, insert, select, update

from server.identity.accounts import create_account
from server.identity.keyring import Keyring
from server.identity.passwords import hash_password
from server.people.persons import add_person
from server.record import postings
from server.record.departments import (
    BEGINNING,
    begin_department,
    department_with_code,
    end_department,
    place_department,
)
from server.record.exemptions import exempt
from server.record.learning import ModuleVersion, complete_module
from server.record.policies import enter_policy
from server.record.releases import enter_release, enter_withdrawal
from server.rules.days import JAPAN, Span
from server.rules.facts import Policy
from server.settings import Settings
from server.storage import tables
from server.storage.engine import writing
from server.web.access import GRANTED, PRIVILEGED, Role

PASSWORD = "hashi-wo-wataru-27"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of every authenticator app that was enrolled without a page."""
SECRET_KEY = "k" * 32
ACTOR = "a test"
TODAY = date(2026, 4, 1)


@dataclass(frozen=True)
class Person:
    id: str
    number: str
    name: str
    password: str = PASSWORD


class Staff:
    """`staff.person("青海 はる", department="港湾")`, then `staff.completes(…)`, `staff.moves_to(…)`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.counted = 0

    def person(
        self,
        name: str = "青海 はる",
        *,
        reading: str = "オウミ ハル",
        number: str | None = None,
        roles: Collection[Role] = (Role.LEARNER,),
        department: str | None = "総務課",
        since: str = "2026-04-01",
        is_sample: bool = False,
        active: bool = True,
        second_factor: bool = True,
    ) -> Person:
        """Somebody with an account; `active` gives it the PASSWORD, and `second_factor` an app where the
        roles ask for one. Without a department: no posting.

        Nobody is given the role of a manager: it comes with heading the department.
        """
        self.counted += 1
        number = number or f"{self.counted:05}"
        at = noon(since)
        with writing(self.engine) as connection:
            person_id = add_person(connection, number, name, reading, is_sample=is_sample, at=at)
            create_account(connection, person_id, set(roles) & set(GRANTED), at=at, actor=ACTOR)
            if active:
                account = tables.account
                hashed = update(account).where(account.c.person_id == person_id)
                connection.execute(hashed.values(password_hash=_known_hash()))
            if active and second_factor and set(roles) & PRIVILEGED:
                factor = {"person_id": person_id, "secret": _sealed_secret(), "last_step": 0}
                connection.execute(insert(tables.second_factor).values(**factor, enrolled_at=at))
        person = Person(person_id, number, name)
        if department is not None:
            self.posts(person, department, since, is_head=Role.MANAGER in roles)
        return person

    def department(self, name: str, code: str | None = None, *, under: str | None = None) -> str:
        """`under` is the code of the department above it, which has to be there. There since ever."""
        with writing(self.engine) as connection:
            found = department_with_code(connection, code or name, TODAY)
            if found is not None:
                return found
            parent = department_with_code(connection, under, TODAY) if under else None
            return begin_department(
                connection,
                code or name,
                name,
                BEGINNING,
                parent_id=parent,
                at=noon("2026-04-01"),
                actor=ACTOR,
            )

    def posts(
        self,
        person: Person,
        department: str,
        since: str,
        *,
        kind: postings.PostingKind = "main",
        appointment: postings.Appointment = "regular",
        is_head: bool = False,
    ) -> None:
        to = self.department(department)
        with writing(self.engine) as connection:
            postings.begin_posting(
                connection,
                person.id,
                to,
                day(since),
                at=noon(since),
                actor=ACTOR,
                kind=kind,
                appointment=appointment,
                is_head=is_head,
            )

    def moves_to(self, person: Person, department: str, *, on: str) -> None:
        to = self.department(department)
        with writing(self.engine) as connection:
            postings.transfer(connection, person.id, to, day(on), at=noon(on), actor=ACTOR)

    def leaves(self, person: Person, *, last: str) -> None:
        with writing(self.engine) as connection:
            current = postings.main_posting_on(connection, person.id, day(last))
            assert current is not None
            postings.end_posting(connection, current, day(last), at=noon(last), actor=ACTOR)

    def ends_concurrent_posting(self, person: Person, department: str, *, last: str) -> None:
        posting = tables.posting
        theirs = (posting.c.person_id == person.id) & (posting.c.kind == "concurrent")
        to = self.department(department)
        with writing(self.engine) as connection:
            found = connection.scalars(
                select(posting.c.id).where(theirs, posting.c.department_id == to)
            ).one()
            postings.end_posting(connection, found, day(last), at=noon(last), actor=ACTOR)

    def merges(self, department: str, *, into: str, last: str) -> None:
        """Nobody may be posted to it after its last day."""
        ended, successor = self.department(department), self.department(into)
        with writing(self.engine) as connection:
            end_department(connection, ended, day(last), successors=[successor], at=noon(last), actor=ACTOR)

    def takes_leave(self, person: Person, first: str, last: str | None = None) -> None:
        with writing(self.engine) as connection:
            end = day(last) if last else None
            postings.take_leave(connection, person.id, day(first), end, at=noon(first), actor=ACTOR)

    def is_exempt(self, person: Person, module: str, first: str, last: str | None = None) -> None:
        days = Span(day(first), day(last) if last else None)
        with writing(self.engine) as connection:
            exempt(connection, person.id, [module], days, reason="見本", at=noon(first), actor=ACTOR)

    def places(self, department: str, under: str, *, on: str) -> None:
        placed, above = self.department(department), self.department(under)
        with writing(self.engine) as connection:
            place_department(connection, placed, above, day(on), at=noon(on), actor=ACTOR)

    def completes(
        self, person: Person, module: str, *, on: str, version: str = "1.0.0", release: str = "1.0.0"
    ) -> None:
        with writing(self.engine) as connection:
            complete_module(
                connection,
                person.id,
                ModuleVersion(module, version, release),
                evidence="quiz",
                at=noon(on),
                actor=person.id,
            )

    def policy(
        self,
        *,
        since: str = "2026-04-01",
        days: int = 30,
        grace_days: int = 30,
        valid_days: int | None = None,
        departments: Sequence[str] = (),
    ) -> None:
        """Every module of the release, for everybody who holds a main posting (in one of the departments)."""
        policy = Policy(
            day(since),
            days=days,
            grace_days=grace_days,
            valid_days=valid_days,
            departments=frozenset(self.department(name) for name in departments),
        )
        with writing(self.engine) as connection:
            enter_policy(connection, policy, at=noon(since), actor=ACTOR)

    def release(
        self, number: str, *modules: str, on: str = "2026-04-01", versions: dict[str, str] | None = None
    ) -> None:
        """A release in the record alone: module versions that count, without a course package."""
        counted = versions or dict.fromkeys(modules, number)
        with writing(self.engine) as connection:
            enter_release(connection, number, counted, "0" * 64, at=noon(on), actor=ACTOR)

    def withdraws(self, number: str, *, on: str) -> None:
        with writing(self.engine) as connection:
            enter_withdrawal(connection, number, reason="見本", at=noon(on), actor=ACTOR)


def day(text: str) -> date:
    return date.fromisoformat(text)


def noon(text: str) -> datetime:
    """12:00 in Japan."""
    return datetime.combine(day(text), time(12), tzinfo=JAPAN)


@cache
def _known_hash() -> str:
    return hash_password(PASSWORD)


@cache
def _sealed_secret() -> str:
    return Keyring(Settings(secret_key=SecretStr(SECRET_KEY))).sealed(APP_SECRET)
