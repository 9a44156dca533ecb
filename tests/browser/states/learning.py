"""What learners see: home, lessons, quizzes, completions."""

from functools import partial

from sqlalchemy import delete

from server.storage import tables
from server.storage.engine import writing
from server.web.access import Role
from tests.browser.states.table import STATES, State, state
from tests.browser.tab import Tab
from tests.builders.world import MODULE, OTHER_MODULE, QUESTIONS
from tests.http.test_access import NOBODY

LEARNER = Role.LEARNER


@state("learning.home", "nothing begun", LEARNER)
def home_of_a_newcomer(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/")


@state("learning.home", "reading", LEARNER)
def home_of_a_reader(tab: Tab) -> None:
    tab.world.reads(tab.world.newcomer, "do-not")
    tab.sign_in(tab.world.newcomer).open("/")


@state("learning.home", "in a quiz", LEARNER)
def home_in_the_middle_of_a_quiz(tab: Tab) -> None:
    attempt = tab.world.begins(tab.world.newcomer)
    tab.world.answers(tab.world.newcomer, attempt, True)
    tab.sign_in(tab.world.newcomer).open("/")


@state("learning.home", "after a failed quiz", LEARNER)
def home_after_a_failed_quiz(tab: Tab) -> None:
    finished(tab, False, True, False)
    tab.sign_in(tab.world.newcomer).open("/")


@state("learning.home", "overdue", LEARNER)
def home_after_the_due_date(tab: Tab) -> None:
    tab.sign_in(tab.world.overdue).open("/")


@state("learning.home", "complete", LEARNER)
def home_of_who_is_complete(tab: Tab) -> None:
    tab.sign_in(tab.world.complete).open("/")


@state("learning.home", "update due", LEARNER)
def home_after_a_major_release(tab: Tab) -> None:
    tab.world.publishes_major()
    tab.sign_in(tab.world.complete).open("/")


@state("learning.home", "on leave", LEARNER)
def home_on_leave(tab: Tab) -> None:
    tab.world.staff.takes_leave(tab.world.newcomer, "2026-06-05")
    tab.sign_in(tab.world.newcomer).open("/")


@state("learning.home", "not required", LEARNER)
def home_without_a_posting(tab: Tab) -> None:
    tab.sign_in(tab.world.staff.person("月島 あきら", reading="ツキシマ アキラ", department=None)).open("/")


@state("learning.home", "nothing published", LEARNER)
def home_before_the_first_release(tab: Tab) -> None:
    tab.world.unpublishes()
    tab.sign_in(tab.world.newcomer).open("/")


@state("learning.home", "long names", LEARNER)
def home_with_long_names(tab: Tab) -> None:
    tab.sign_in(tab.world.long_named()).open("/")


@state("learning.home", "sample data", LEARNER)
def home_over_samples(tab: Tab) -> None:
    tab.world.is_of_samples()
    tab.sign_in(tab.world.newcomer).open("/")


@state("learning.introduction", "not opened", LEARNER)
def introduction(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/introduction")


@state("learning.introduction", "opened", LEARNER)
def introduction_opened(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/introduction/guideline")
    tab.open("/introduction")


@state("learning.introduction_section", "the only one", LEARNER)
def introduction_section(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/introduction/guideline")


@state("learning.changes", "after a major release", Role.LEARNER)
def major_changes(tab: Tab) -> None:
    tab.world.publishes_major()
    tab.sign_in(tab.world.complete).open(f"/modules/{MODULE}/changes")


@state("learning.changes", "after a minor release", Role.LEARNER)
def minor_changes(tab: Tab) -> None:
    tab.world.publishes_minor()
    tab.sign_in(tab.world.complete).open(f"/modules/{MODULE}/changes")


@state("learning.confirm_changes", "confirmed", Role.LEARNER)
def changes_confirmed(tab: Tab) -> None:
    minor_changes(tab)
    tab.submit("confirm")


@state("learning.home", "changed since", Role.LEARNER)
def home_with_changes(tab: Tab) -> None:
    tab.world.publishes_minor()
    tab.sign_in(tab.world.complete).open("/")


@state("learning.module", "changed since", Role.LEARNER)
def module_with_changes(tab: Tab) -> None:
    tab.world.publishes_minor()
    tab.sign_in(tab.world.complete).open(f"/modules/{MODULE}")


@state("learning.verify", "first visit", NOBODY)
def verify(tab: Tab) -> None:
    tab.open("/certificates")


@state("learning.verify", "unknown number", NOBODY)
def unknown_certificate(tab: Tab) -> None:
    tab.open("/certificates?number=2222-2222-2222")


@state("learning.verify", "valid", NOBODY)
def valid_certificate(tab: Tab) -> None:
    tab.open(f"/certificates?number={tab.world.certificate_of(tab.world.complete)}")


@state("learning.verify", "superseded", NOBODY)
def superseded_certificate(tab: Tab) -> None:
    tab.world.publishes_major()
    tab.open(f"/certificates?number={tab.world.certificate_of(tab.world.complete, MODULE)}")


@state("learning.module", "not begun", LEARNER)
def module(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}")


@state("learning.module", "reading and in a quiz", LEARNER)
def module_begun(tab: Tab) -> None:
    tab.world.reads(tab.world.newcomer, "do-not")
    tab.world.begins(tab.world.newcomer)
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}")


@state("learning.module", "complete", LEARNER)
def module_complete(tab: Tab) -> None:
    tab.sign_in(tab.world.complete).open(f"/modules/{MODULE}")


@state("learning.module", "update due", LEARNER)
def module_to_be_taken_again(tab: Tab) -> None:
    tab.world.publishes_major()
    tab.sign_in(tab.world.complete).open(f"/modules/{MODULE}")


@state("learning.section", "first, with a figure", LEARNER)
def first_section(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}/sections/background")


@state("learning.section", "with a table", LEARNER)
def middle_section(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}/sections/do-not")


@state("learning.section", "last", LEARNER)
def last_section(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}/sections/first-action")


@state("learning.section", "in a quiz", LEARNER)
def section_from_an_explanation(tab: Tab) -> None:
    attempt = tab.world.begins(tab.world.newcomer)
    tab.world.answers(tab.world.newcomer, attempt, False)
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}/sections/do-not?attempt={attempt}")


@state("learning.glossary", "one term", LEARNER)
def glossary(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/glossary")


@state("learning.quiz", "first", LEARNER)
def quiz(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}/quiz")


@state("learning.quiz", "under way", LEARNER)
def quiz_under_way(tab: Tab) -> None:
    tab.world.begins(tab.world.newcomer)
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}/quiz")


@state("learning.quiz", "retry", LEARNER)
def quiz_again(tab: Tab) -> None:
    finished(tab, False, True, True)
    tab.sign_in(tab.world.newcomer).open(f"/modules/{MODULE}/quiz")


def question(tab: Tab, kind: str) -> str:
    """The path of a question that is asked now."""
    attempt = tab.world.begins(tab.world.newcomer, kind)
    tab.sign_in(tab.world.newcomer)
    return f"/attempts/{attempt}/{QUESTIONS[kind][1]}"


def before_the_answer(tab: Tab, kind: str) -> None:
    tab.open(question(tab, kind))


def without_a_choice(tab: Tab, kind: str) -> None:
    tab.open(question(tab, kind))
    tab.submit("question")


def explained(tab: Tab, kind: str, *, right: bool) -> None:
    path = question(tab, kind)
    tab.world.answers(tab.world.newcomer, path.split("/")[2], right)
    tab.open(path)


for kind in QUESTIONS:
    STATES += [
        State("learning.question", kind, LEARNER, partial(before_the_answer, kind=kind)),
        State("learning.answer", f"{kind} without a choice", LEARNER, partial(without_a_choice, kind=kind)),
        State("learning.question", f"{kind} right", LEARNER, partial(explained, kind=kind, right=True)),
        State("learning.question", f"{kind} wrong", LEARNER, partial(explained, kind=kind, right=False)),
    ]


@state("learning.question", "with a draft", LEARNER)
def question_with_a_draft(tab: Tab) -> None:
    path = question(tab, "single")
    tab.world.drafts(tab.world.newcomer, path.split("/")[2], {"answer": ["b"]})
    tab.open(path)


@state("learning.question", "draft just saved", LEARNER)
def draft_just_saved(tab: Tab) -> None:
    tab.open(question(tab, "single"))
    tab.page.locator("input[value=b]").check()
    tab.page.locator("#draft-status:not(:empty)").wait_for()


@state("learning.question", "restored after signing in again", LEARNER)
def question_restored(tab: Tab) -> None:
    path = question(tab, "single")
    tab.open(path)
    tab.page.locator("input[value=b]").check()
    tab.page.locator("#draft-status:not(:empty)").wait_for()
    tab.world.runs_idle()
    tab.submit("question")
    tab.fill(number=tab.world.newcomer.number, password=tab.world.newcomer.password)
    tab.submit("sign-in")


@state("learning.question", "ordering moved to the top", LEARNER)
def moved_to_the_top(tab: Tab) -> None:
    tab.open(question(tab, "ordering"))
    tab.page.locator("[data-move=up]").nth(1).click()
    tab.page.locator("#draft-status:not(:empty)").wait_for()


def notice_of_the_session(tab: Tab, text: str) -> None:
    tab.comes_back()
    tab.page.locator(f"#session-notice p:has-text('{text}')").wait_for()


@state("learning.question", "before the session ends", LEARNER)
def before_the_session_ends(tab: Tab) -> None:
    tab.open(question(tab, "ordering"))
    tab.page.locator("select").first.focus()
    tab.world.was_last_seen(minutes_ago=29)
    notice_of_the_session(tab, "10:43")


@state("learning.question", "session extended", LEARNER)
def session_extended(tab: Tab) -> None:
    before_the_session_ends(tab)
    tab.page.locator("#session-notice button[type=submit]").click()
    tab.page.locator("#session-notice p:has-text('11:12')").wait_for()


@state("learning.question", "before the session ends for good", LEARNER)
def before_the_session_ends_for_good(tab: Tab) -> None:
    tab.open(question(tab, "single"))
    tab.world.signed_in(minutes_ago=10 * 60 - 1)
    notice_of_the_session(tab, "10:43")


@state("learning.question", "session ended", LEARNER)
def session_ended(tab: Tab) -> None:
    tab.open(question(tab, "single"))
    tab.world.runs_idle()
    tab.comes_back()
    tab.page.locator("#session-notice p:not(:empty)").wait_for()


@state("learning.question", "answered in another tab", LEARNER)
def answered_already(tab: Tab) -> None:
    path = question(tab, "single")
    tab.open(path)
    tab.world.answers(tab.world.newcomer, path.split("/")[2], True)
    tab.page.locator("input[value=b]").check()
    tab.submit("question")


@state("learning.result", "passed", LEARNER)
def passed(tab: Tab) -> None:
    attempt = finished(tab, True, True, True)
    tab.sign_in(tab.world.newcomer).open(f"/attempts/{attempt}/result")


@state("learning.result", "passed, one wrong", LEARNER)
def passed_with_a_wrong_answer(tab: Tab) -> None:
    attempt = finished(tab, True, True, False)
    tab.sign_in(tab.world.newcomer).open(f"/attempts/{attempt}/result")


@state("learning.result", "failed", LEARNER)
def failed(tab: Tab) -> None:
    attempt = finished(tab, False, True, False)
    tab.sign_in(tab.world.newcomer).open(f"/attempts/{attempt}/result")


@state("learning.result", "answers forgotten", LEARNER)
def passed_long_ago(tab: Tab) -> None:
    attempt = finished(tab, True, True, True)
    with writing(tab.world.engine) as connection:
        connection.execute(delete(tables.answer).where(tables.answer.c.attempt_id == attempt))
    tab.sign_in(tab.world.newcomer).open(f"/attempts/{attempt}/result")


@state("learning.result", "passed at the second time", LEARNER)
def passed_at_the_second_time(tab: Tab) -> None:
    finished(tab, False, True, True)
    attempt = tab.world.begins(tab.world.newcomer)
    tab.world.answers(tab.world.newcomer, attempt, True)
    tab.sign_in(tab.world.newcomer).open(f"/attempts/{attempt}/result")


@state("learning.result", "passed, superseded", LEARNER)
def passed_of_a_superseded_release(tab: Tab) -> None:
    attempt = tab.world.begins(tab.world.newcomer, "single", "ordering", "matching")
    tab.world.publishes_major()
    tab.world.answers(tab.world.newcomer, attempt, True, True, True)
    tab.sign_in(tab.world.newcomer).open(f"/attempts/{attempt}/result")


@state("learning.completions", "none", LEARNER)
def no_completions(tab: Tab) -> None:
    tab.sign_in(tab.world.newcomer).open("/completions")


@state("learning.completions", "one", LEARNER)
def one_completion(tab: Tab) -> None:
    tab.world.staff.completes(tab.world.newcomer, MODULE, on="2026-06-09")
    tab.sign_in(tab.world.newcomer).open("/completions")


@state("learning.completions", "two", LEARNER)
def completions(tab: Tab) -> None:
    tab.sign_in(tab.world.complete).open("/completions")


@state("learning.certificate", "of a quiz", LEARNER)
def certificate(tab: Tab) -> None:
    tab.sign_in(tab.world.complete).open(f"/completions/{tab.world.completion_of(tab.world.complete)}")


@state("learning.certificate", "long names", LEARNER)
def certificate_with_long_names(tab: Tab) -> None:
    person = tab.world.long_named()
    tab.world.staff.completes(person, OTHER_MODULE, on="2026-06-09")
    tab.sign_in(person).open(f"/completions/{tab.world.completion_of(person)}")


def finished(tab: Tab, *rights: bool) -> str:
    attempt = tab.world.begins(tab.world.newcomer, "single", "ordering", "matching")
    tab.world.answers(tab.world.newcomer, attempt, *rights)
    return attempt
