"""What happens to the sample staff: a plan of dated steps that ends today, carried out in its order."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from sqlalchemy import Connection, Engine

from builder.model.questions import Given, Question
from builder.model.questions.matching import Matching
from builder.model.questions.multiple import Multiple
from builder.model.questions.ordering import Ordering
from builder.package import open_package
from server.demo.staff import DEPARTMENTS, SECTIONS, SampleName, sample_names
from server.identity.accounts import create_account
from server.learning.attempts import load_attempt
from server.learning.reading import begun_by_reading, open_section
from server.learning.taking import answer, begin_attempt
from server.people.persons import add_person
from server.record import postings
from server.record.departments import BEGINNING, begin_department
from server.record.policies import enter_policy
from server.releases.library import Published, newest
from server.releases.publish import publish
from server.rules.days import JAPAN
from server.rules.facts import Policy
from server.storage.engine import writing
from server.web import clock
from server.web.access import Role

ACTOR = "kyozai demo"
DAYS_BACK = 120
SEED = 20220331

Step = Callable[[Connection, datetime], None]


@dataclass
class Plan:
    """Steps with their moments, and the ids that earlier steps leave to later ones."""

    today: date
    package: bytes
    steps: list[tuple[datetime, Step]] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)

    @cached_property
    def modules(self) -> int:
        """How many the course has."""
        return len(open_package(self.package).manifest.modules)

    def on(self, days_ago: int, step: Step, *, at: time = time(10)) -> None:
        moment = datetime.combine(self.today - timedelta(days=days_ago), at, tzinfo=JAPAN)
        self.steps.append((moment, step))

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)


def make_history(engine: Engine, package: bytes, today: date) -> int:
    """Carry the plan out. Returns the number of steps."""
    plan = make_plan(package, today)
    for moment, step in sorted(plan.steps, key=lambda dated: dated[0]):
        with clock.fixed(moment), writing(engine) as connection:
            step(connection, clock.now())
    return len(plan.steps)


def make_plan(package: bytes, today: date) -> Plan:
    plan = Plan(today, package)
    names = list(sample_names())
    plan.on(DAYS_BACK, lambda connection, at: add_departments(connection, plan, at), at=time(8))
    plan.on(DAYS_BACK, lambda connection, at: open_course(connection, plan, at), at=time(8, 30))
    hr, administrator, *learners = names
    arrive(plan, hr, "0112", DAYS_BACK + 400, roles=(Role.LEARNER, Role.HR))
    arrive(plan, administrator, "0111", DAYS_BACK + 400, roles=(Role.LEARNER, Role.ADMINISTRATOR))
    take_quizzes(plan, hr, days_ago=115)
    take_quizzes(plan, administrator, days_ago=112)
    told = learners[: len(STORIES)]
    for name, story in zip(told, STORIES, strict=True):
        story(plan, name)
    tell_the_rest(plan, learners[len(STORIES) :])
    return plan


def add_departments(connection: Connection, plan: Plan, at: datetime) -> None:
    for code, name, above in DEPARTMENTS:
        plan.departments[code] = begin_department(
            connection,
            code,
            name,
            BEGINNING,
            parent_id=plan.departments[above] if above else None,
            at=at,
            actor=ACTOR,
        )


def open_course(connection: Connection, plan: Plan, at: datetime) -> None:
    publish(connection, plan.package, name="course package", at=at, actor=ACTOR)
    enter_policy(connection, Policy(first=at.astimezone(JAPAN).date(), days=30), at=at, actor=ACTOR)


# The stories: each is one kind of person that HR has to deal with.


def transferred_with_credit(plan: Plan, name: SampleName) -> None:
    arrive(plan, name, "0121", DAYS_BACK + 300)
    take_quizzes(plan, name, days_ago=100)
    plan.on(50, lambda connection, at: move(connection, plan, name, "0132", at))


def holds_two_postings(plan: Plan, name: SampleName) -> None:
    arrive(plan, name, "0131", DAYS_BACK + 200)
    plan.on(60, lambda connection, at: post(connection, plan, name, "0111", at, kind="concurrent"))
    take_quizzes(plan, name, days_ago=95, modules=1)


def on_leave(plan: Plan, name: SampleName) -> None:
    arrive(plan, name, "0122", DAYS_BACK + 500)
    plan.on(
        110,
        lambda connection, at: postings.take_leave(
            connection, plan.people[name.number], at.astimezone(JAPAN).date(), None, at=at, actor=ACTOR
        ),
    )


def left(plan: Plan, name: SampleName) -> None:
    arrive(plan, name, "0133", DAYS_BACK + 900)
    take_quizzes(plan, name, days_ago=105)
    plan.on(40, lambda connection, at: leave_service(connection, plan, name, at))


def overdue(plan: Plan, name: SampleName) -> None:
    arrive(plan, name, "0132", DAYS_BACK + 700)
    plan.on(80, lambda connection, at: read(connection, plan, name, at, sections=2))


def newly_arrived(plan: Plan, name: SampleName) -> None:
    arrive(plan, name, "0121", 8)


def interrupted(plan: Plan, name: SampleName) -> None:
    """Left the quiz in the middle: home leads back to the next question."""
    arrive(plan, name, "0122", 12)
    plan.on(3, lambda connection, at: read(connection, plan, name, at, sections=4))
    plan.on(2, lambda connection, at: sit(connection, plan, name, 0, at, answers=2), at=time(17, 55))


def heads_a_section(plan: Plan, name: SampleName) -> None:
    arrive(plan, name, "0131", DAYS_BACK + 800, is_head=True)
    take_quizzes(plan, name, days_ago=108)


def failed_then_passed(plan: Plan, name: SampleName) -> None:
    arrive(plan, name, "0111", DAYS_BACK + 100)
    plan.on(102, lambda connection, at: sit(connection, plan, name, 0, at, wrong=2))
    take_quizzes(plan, name, days_ago=101)


STORIES = (
    transferred_with_credit,
    holds_two_postings,
    on_leave,
    left,
    overdue,
    newly_arrived,
    interrupted,
    heads_a_section,
    failed_then_passed,
)


def tell_the_rest(plan: Plan, names: list[SampleName]) -> None:
    """Most have been there for long and are done; some came lately. The same every time the demo is made."""
    chance = random.Random(SEED)  # noqa: S311 — variety, not secrecy
    for count, name in enumerate(names):
        is_new = chance.random() < 0.25
        since = chance.randrange(5, 26) if is_new else DAYS_BACK + chance.randrange(30, 1500)
        arrive(plan, name, SECTIONS[count % len(SECTIONS)], since)
        done = chance.choices((0, chance.randrange(plan.modules), plan.modules), weights=(1, 2, 5))[0]
        take_quizzes(plan, name, days_ago=min(since - 1, chance.randrange(70, 118)), modules=done)


# The steps.


def arrive(
    plan: Plan,
    name: SampleName,
    section: str,
    days_ago: int,
    roles: tuple[Role, ...] = (Role.LEARNER,),
    *,
    is_head: bool = False,
) -> None:
    """Somebody gets an account, and a posting that began some days ago."""
    recorded = min(days_ago, DAYS_BACK)
    plan.on(
        recorded,
        lambda connection, at: enrol(
            connection, plan, name, section, plan.day(days_ago), roles, at, is_head=is_head
        ),
        at=time(9),
    )


def enrol(
    connection: Connection,
    plan: Plan,
    name: SampleName,
    section: str,
    first: date,
    roles: tuple[Role, ...],
    at: datetime,
    *,
    is_head: bool,
) -> None:
    person_id = add_person(connection, name.number, name.name, name.reading, is_sample=True, at=at)
    plan.people[name.number] = person_id
    create_account(connection, person_id, roles, at=at, actor=ACTOR)
    postings.begin_posting(
        connection, person_id, plan.departments[section], first, at=at, actor=ACTOR, is_head=is_head
    )


def post(
    connection: Connection,
    plan: Plan,
    name: SampleName,
    section: str,
    at: datetime,
    *,
    kind: postings.PostingKind,
) -> None:
    postings.begin_posting(
        connection, plan.people[name.number], plan.departments[section], at.astimezone(JAPAN).date(),
        at=at, actor=ACTOR, kind=kind,
    )  # fmt: skip


def move(connection: Connection, plan: Plan, name: SampleName, section: str, at: datetime) -> None:
    first = at.astimezone(JAPAN).date()
    postings.transfer(
        connection, plan.people[name.number], plan.departments[section], first, at=at, actor=ACTOR
    )


def leave_service(connection: Connection, plan: Plan, name: SampleName, at: datetime) -> None:
    last = at.astimezone(JAPAN).date()
    posting = postings.main_posting_on(connection, plan.people[name.number], last)
    assert posting is not None
    postings.end_posting(connection, posting, last, at=at, actor=ACTOR)


def take_quizzes(plan: Plan, name: SampleName, *, days_ago: int, modules: int | None = None) -> None:
    """Pass the first modules, or all of them, two days apart and none after today."""
    for index in range(plan.modules if modules is None else modules):
        plan.on(
            max(days_ago - 2 * index, 0),
            lambda connection, at, index=index: sit(connection, plan, name, index, at),  # type: ignore[misc]
            at=time(12, 40),
        )


def read(connection: Connection, plan: Plan, name: SampleName, at: datetime, *, sections: int) -> None:
    published = the_release(connection)
    module = published.manifest.modules[0]
    for section in module.sections[:sections]:
        person_id = plan.people[name.number]
        begins = begun_by_reading(connection, person_id, published, module.id)
        open_section(connection, person_id, module.id, section.id, begins, at=at)


def sit(
    connection: Connection,
    plan: Plan,
    name: SampleName,
    index: int,
    at: datetime,
    *,
    answers: int | None = None,
    wrong: int = 0,
) -> None:
    """Sit the quiz of the module at an index: so many answers (all when missing), the first ones wrong."""
    modules = the_release(connection).manifest.modules
    if index >= len(modules):
        return
    person_id = plan.people[name.number]
    attempt = load_attempt(
        connection, person_id, begin_attempt(connection, person_id, modules[index].id, at=at)
    )
    for count, (_, question_id) in enumerate(attempt.asked[:answers]):
        form = form_of(attempt.quiz.question(question_id), right=count >= wrong)
        answer(connection, person_id, attempt.id, question_id, form, at=at + timedelta(minutes=count))


def the_release(connection: Connection) -> Published:
    published = newest(connection)
    assert published is not None
    return published


def form_of(question: Question, *, right: bool) -> dict[str, list[str]]:
    """What somebody who answers this question rightly, or wrongly, would post."""
    given = question.key() if right else wrong_answer(question)
    if isinstance(given, dict):
        return {f"answer-{choice}": [target] for choice, target in given.items()}
    if isinstance(question, Ordering):
        return {f"answer-{choice}": [str(position)] for position, choice in enumerate(given, start=1)}
    return {"answer": given if isinstance(given, list) else [given]}


def wrong_answer(question: Question) -> Given:
    if isinstance(question, Ordering):
        return list(reversed(question.answer))
    if isinstance(question, Matching):
        targets = [target.id for target in question.targets]
        shifted = dict(zip(targets, targets[1:] + targets[:1], strict=True))
        return {choice: shifted[target] for choice, target in question.answer.items()}
    if isinstance(question, Multiple):
        return [next(choice.id for choice in question.choices if choice.id not in question.answer)]
    return next(choice.id for choice in question.all_choices() if choice.id != question.key())
