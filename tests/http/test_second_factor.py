"""The second factor: what waits for it, what is accepted once, and who can take it away."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from server.identity.accounts import grant_role
from server.storage import tables
from server.storage.engine import reading, writing
from server.web import clock
from server.web.access import Role
from tests.builders.site import Site, code_of, enrols, shown_secret
from tests.builders.staff import APP_SECRET, Person, noon
from tests.http.pages import PageClient

AT = noon("2026-06-10")
WRONG = ["コードが違うか、もう使ったコードです。"]


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def officer(site: Site) -> Person:
    """Of HR, with an app that was enrolled before."""
    return site.staff.person("人事 花子", reading="ジンジ ハナコ", roles=(Role.LEARNER, Role.HR))


@pytest.fixture
def promoted(site: Site) -> Person:
    """Of HR since today."""
    return site.staff.person("有明 なつき", roles=(Role.LEARNER, Role.HR), second_factor=False)


def with_password(site: Site, person: Person) -> PageClient:
    client = site.client()
    client.get("/sign-in")
    client.submit("sign-in", number=person.number, password=person.password)
    return client


def later(seconds: int) -> datetime:
    return AT + timedelta(seconds=seconds)


def code_at(at: datetime) -> str:
    return pyotp.TOTP(APP_SECRET).at(at)


def log(site: Site, person: Person) -> list[str]:
    kept = tables.access_log
    with reading(site.engine) as connection:
        query = select(kept.c.action).where(kept.c.person_id == person.id).order_by(kept.c.id)
        return list(connection.scalars(query))


# Until it is given ---------------------------------------------------------------------------------


def test_a_password_alone_leaves_a_learner_s_rights(site: Site, officer: Person) -> None:
    client = with_password(site, officer)

    assert client.shown.heading == "確認コードを入力する"
    assert client.get("/completions").path == "/completions"
    assert client.get("/hr/people").path == "/second-factor?next=/hr/people"
    assert client.download("/hr/export/csv", status=303).headers["Location"].startswith("/second-factor")


def test_whoever_is_no_learner_may_do_nothing_until_then(site: Site) -> None:
    client = with_password(site, site.staff.person(roles=(Role.ADMINISTRATOR,)))

    client.get("/completions", status=403)
    assert client.get("/").path.startswith("/second-factor")


def test_a_form_is_not_accepted_until_then(site: Site, officer: Person) -> None:
    client = with_password(site, officer)

    client.post("/hr/policies", {"first": "2026-04-01"})

    assert client.shown.heading == "確認コードを入力する"


@pytest.mark.parametrize("role", [Role.HR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_everybody_who_may_do_more_than_learn_is_asked(site: Site, role: Role) -> None:
    client = with_password(site, site.staff.person(roles=(role,)))

    assert client.shown.heading == "確認コードを入力する"


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MANAGER])
def test_nobody_else_is(site: Site, role: Role) -> None:
    client = with_password(site, site.staff.person(roles=(Role.LEARNER, role)))

    assert client.shown.path == "/"
    client.get("/second-factor", status=404)


def test_the_code_leads_to_where_one_wanted_to_go(site: Site, officer: Person) -> None:
    client = with_password(site, officer)
    client.get("/hr/people?state=overdue")
    client.submit("second-factor", code=code_at(AT))

    assert client.shown.path == "/hr/people?state=overdue"


def test_the_session_goes_on_under_another_id(site: Site, officer: Person) -> None:
    def tokens() -> set[str]:
        with reading(site.engine) as connection:
            return set(connection.scalars(select(tables.web_session.c.token_digest)))

    client = with_password(site, officer)
    before = tokens()
    client.submit("second-factor", code=code_at(AT))

    assert len(before) == len(tokens()) == 1
    assert before != tokens()


# Codes ---------------------------------------------------------------------------------------------


def test_a_code_is_accepted_once(site: Site, officer: Person) -> None:
    with_password(site, officer).submit("second-factor", code=code_at(AT))
    again = with_password(site, officer)

    assert again.submit("second-factor", code=code_at(AT), status=422).errors == WRONG
    with clock.fixed(later(30)):
        assert again.submit("second-factor", code=code_at(later(30))).path == "/"


def test_a_code_older_than_the_last_one_is_not_accepted(site: Site, officer: Person) -> None:
    with_password(site, officer).submit("second-factor", code=code_at(AT))

    assert with_password(site, officer).submit("second-factor", code=code_at(later(-30)), status=422).errors


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 200), (0, 200), (30, 200), (60, 422)])
def test_the_clock_of_the_phone_may_be_off_by_one_step(
    site: Site, officer: Person, seconds: int, status: int
) -> None:
    client = with_password(site, officer)
    client.submit("second-factor", code=code_at(later(seconds)), status=status)


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} ", "{0}\u3000{1}"])
def test_a_code_may_be_typed_in_groups(site: Site, officer: Person, typed: str) -> None:
    code = code_at(AT)
    client = with_password(site, officer)

    assert client.submit("second-factor", code=typed.format(code[:3], code[3:])).path == "/"


@pytest.mark.parametrize("typed", ["", "abcdef", "12345", "１２３", "1234567", "000000000000", "あ" * 6])
def test_anything_else_is_refused(site: Site, officer: Person, typed: str) -> None:
    assert with_password(site, officer).submit("second-factor", code=typed, status=422).errors == WRONG


def test_guessing_is_slowed_down_whatever_browser_it_comes_from(site: Site, officer: Person) -> None:
    for _ in range(5):
        with_password(site, officer).submit("second-factor", code="000000", status=422)
    client = with_password(site, officer)
    page = client.submit("second-factor", code=code_at(AT), status=429)

    assert page.errors == ["続けて失敗したため、今は試せません。1秒たってからお試しください。"]
    with clock.fixed(later(1)):
        assert client.submit("second-factor", code=code_at(AT)).path == "/"


def test_codes_are_logged_without_the_codes(site: Site, officer: Person) -> None:
    client = with_password(site, officer)
    client.submit("second-factor", code="000000", status=422)
    client.submit("second-factor", code=code_at(AT))

    assert log(site, officer) == ["account-created", "second-factor-refused", "second-factor-given"]


# Enrolment -----------------------------------------------------------------------------------------


def test_the_first_sign_in_enrols_an_app(site: Site, promoted: Person) -> None:
    client = with_password(site, promoted)
    heading, secret = client.shown.heading, shown_secret(client)
    page = client.submit("enrol", code=code_of(secret))

    assert heading == "認証アプリを登録する"
    assert page.heading == "予備のコード"
    assert client.get("/hr/people").heading == "受講状況"
    assert log(site, promoted) == ["account-created", "second-factor-enrolled"]


def test_the_page_offers_the_same_secret_until_it_is_enrolled(site: Site, promoted: Person) -> None:
    client = with_password(site, promoted)
    first = shown_secret(client)
    client.submit("enrol", code="000000", status=422)
    client.get("/second-factor")

    assert shown_secret(client) == first
    assert shown_secret(with_password(site, promoted)) != first


def test_the_code_that_enrolled_is_used_up(site: Site, promoted: Person) -> None:
    client = with_password(site, promoted)
    code = code_of(shown_secret(client))
    client.submit("enrol", code=code)

    assert with_password(site, promoted).submit("second-factor", code=code, status=422).errors == WRONG


def test_a_page_left_open_elsewhere_enrols_no_second_app(site: Site, promoted: Person) -> None:
    first, second = with_password(site, promoted), with_password(site, promoted)
    enrols(first)
    code = code_of(shown_secret(second))

    assert second.submit("enrol", code=code, status=422).heading == "確認コードを入力する"


def test_no_secret_lies_open_in_the_database(site: Site, promoted: Person) -> None:
    client = with_password(site, promoted)
    secret = shown_secret(client)
    with reading(site.engine) as connection:
        sessions = str(connection.execute(select(tables.web_session)).all())
    codes = recovery_codes(client, code_of(secret))
    with reading(site.engine) as connection:
        kept = str(connection.execute(select(tables.second_factor)).all())
        kept += str(connection.execute(select(tables.recovery_code)).all())

    assert secret not in sessions + kept
    assert not any(code in kept for code in codes)


def test_somebody_promoted_is_asked_at_the_next_sign_in(site: Site) -> None:
    person = site.staff.person()
    client = with_password(site, person)
    with writing(site.engine) as connection:
        grant_role(connection, person.id, Role.AUDITOR, at=AT, actor="a test")

    assert client.get("/hr/people").heading == "ログイン"
    client.submit("sign-in", number=person.number, password=person.password)
    assert client.shown.heading == "認証アプリを登録する"


# Recovery codes ------------------------------------------------------------------------------------


def recovery_codes(client: PageClient, code: str) -> list[str]:
    page = client.submit("enrol", code=code)
    return ["".join((item.text or "").split()) for item in page.main.iter("code")]


def test_a_recovery_code_is_good_once(site: Site, promoted: Person) -> None:
    client = with_password(site, promoted)
    codes = recovery_codes(client, code_of(shown_secret(client)))
    used = with_password(site, promoted)
    page = used.submit("second-factor", code=codes[3])

    assert len(set(codes)) == 10
    assert "9個" in page.text
    assert used.get("/hr/people").heading == "受講状況"
    again = with_password(site, promoted)
    assert again.submit("second-factor", code=codes[3], status=422).errors == WRONG
    assert again.submit("second-factor", code=codes[4]).heading == "確認コード"


def test_new_recovery_codes_void_those_before(site: Site, promoted: Person) -> None:
    client = with_password(site, promoted)
    codes = recovery_codes(client, code_of(shown_secret(client)))
    client.get("/second-factor")
    page = client.submit("renew")

    assert page.heading == "予備のコード"
    assert with_password(site, promoted).submit("second-factor", code=codes[0], status=422).errors == WRONG


def test_guessing_recovery_codes_is_slowed_down_with_all_others(site: Site, officer: Person) -> None:
    for typed in ("000000000000", "000000") * 3:
        status = 429 if typed == "000000" and log(site, officer).count("second-factor-refused") == 5 else 422
        with_password(site, officer).submit("second-factor", code=typed, status=status)


# Taking it away ------------------------------------------------------------------------------------


def test_another_administrator_resets_it(site: Site, officer: Person) -> None:
    hr, administrator = site.sign_in(officer), site.administrator()
    administrator.get(f"/accounts/{officer.id}")
    page = administrator.submit("reset-second-factor")

    assert "未登録（次のログインで登録します）" in page.text
    assert hr.get("/hr/people").heading == "ログイン"
    assert with_password(site, officer).shown.heading == "認証アプリを登録する"
    assert "second-factor-reset" in log(site, officer)


def test_nobody_resets_their_own(site: Site) -> None:
    chief = site.staff.person(roles=(Role.ADMINISTRATOR,))
    client = site.sign_in(chief)
    page = client.get(f"/accounts/{chief.id}")

    assert "確認コードの登録を消す" not in page.button_texts()
    client.post(f"/accounts/{chief.id}/second-factor/reset", status=403)


def test_hr_cannot_reset_it(site: Site, officer: Person) -> None:
    other = site.hr()
    other.get("/accounts")

    other.post(f"/accounts/{officer.id}/second-factor/reset", status=403)


def test_an_administrator_makes_another_who_enrols_and_makes_a_third(site: Site) -> None:
    second, third = site.staff.person(number="2"), site.staff.person(number="3")
    client = site.administrator()
    client.get(f"/accounts/{second.id}")
    client.submit("change-roles", role=["administrator"])
    client = site.sign_in(second)
    client.get(f"/accounts/{third.id}")
    client.submit("change-roles", role=["administrator"])

    assert site.sign_in(third).get("/accounts").heading == "アカウント"
