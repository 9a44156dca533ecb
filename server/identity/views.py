"""The pages to sign in and out, to set a password, and to look after accounts."""

from datetime import timedelta
from math import ceil

from flask import abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from server.identity import demo_entry, queries
from server.identity.accounts import (
    LastAdministrator,
    create_account,
    disable_account,
    enable_account,
    may_invite,
    set_roles,
)
from server.identity.activation import Invitation, activate, as_typed, invitation_of, issue
from server.identity.blueprint import blueprint, settings
from server.identity.housekeeping import HOUSEKEEPING, forget_old
from server.identity.passwords import SHORTEST, hash_password, weakness_of
from server.identity.queries import AccountRow
from server.identity.second_factor import reset_second_factor
from server.identity.sign_in import Refused, check_password
from server.identity.slips import Slip, activation_link
from server.identity.words import AccountState, account_word, role_word, wait_text, weakness_text
from server.storage.engine import reading, writing
from server.web import access, clock, held_answers
from server.web.access import (
    GRANTED,
    PRIVILEGED,
    Action,
    Role,
    load_person,
    requires,
    server_session,
    signed_in,
)
from server.web.database import engine
from server.web.language import gettext as _
from server.web.sessions import digest
from server.web.views import safe_path

blueprint.add_app_template_filter(role_word)
blueprint.add_app_template_filter(account_word)

PAGE = 100
"""Accounts on a page of the list."""

SLIPS_AT_ONCE = 100
"""A page with more of them prints badly, and weighs too much."""


# Signing in and out --------------------------------------------------------------------------------


@blueprint.get("/sign-in")
@requires(Action.PUBLIC)
def sign_in() -> str:
    return _sign_in_page(number=session.pop("activated", ""))


@blueprint.post("/sign-in")
@requires(Action.PUBLIC)
def check_sign_in() -> Response | tuple[str, int]:
    number, password = request.form.get("number", ""), request.form.get("password", "")
    errors = _missing(number, password)
    if errors:
        return _sign_in_page(number, errors), 422
    entered = check_password(engine(), number, password, request.remote_addr or "", at=clock.now())
    if not isinstance(entered, Refused):
        return _enter(entered)
    return _sign_in_page(number, {"number": _refusal(entered)}), 429 if entered.wait else 422


def _missing(number: str, password: str) -> dict[str, str]:
    errors = {}
    if not number.strip():
        errors["number"] = _("職員番号を入力してください。")
    if not password:
        errors["password"] = _("パスワードを入力してください。")
    return errors


def _refusal(refused: Refused) -> str:
    return wait_text(refused.wait) if refused.wait else _("職員番号かパスワードが違います。")


def _sign_in_page(number: str = "", errors: dict[str, str] | None = None) -> str:
    with reading(engine()) as connection:
        is_demo = demo_entry.is_open(settings(), request, connection)
        samples = demo_entry.sample_people(connection, clock.today()) if is_demo else []
    return render_template(
        "identity/sign_in.html",
        number=number,
        errors=errors or {},
        next=request.values.get("next", ""),
        ran_idle=server_session().expired_person_id is not None,
        holds_answer="held" in session,
        has_lost_answer=session.get("not_held", False),
        samples=samples,
    )


def _enter(person_id: str, *, has_second_factor: bool = False) -> Response:
    """Begin a session. An answer that waited for this person in this browser comes back first.

    `has_second_factor`: it need not be asked for.
    """
    at, held = clock.now(), session.get("held")
    with writing(engine(), person_id) as connection:
        restored = held_answers.claim(connection, digest(held), person_id, at) if held else None
        person = load_person(connection, person_id)
    with writing(engine(), HOUSEKEEPING) as connection:
        forget_old(connection, at)
    is_privileged = person is not None and bool(person.roles & PRIVILEGED)
    minutes = settings().privileged_idle_minutes if is_privileged else settings().session_idle_minutes
    server_session().sign_in(person_id, idle_minutes=minutes)
    wanted = safe_path(request.form.get("next"))
    if restored is not None:
        session["restored"] = list(restored)
        return redirect("/attempts/{}/{}".format(*restored), 303)
    if has_second_factor:
        access.give_second_factor()
    elif is_privileged:
        wanted = url_for("identity.second_factor", next=wanted)
    return redirect(wanted, 303)


@blueprint.post("/sign-out")
@requires(Action.SIGNED_IN)
def sign_out() -> Response:
    server_session().sign_out()
    return redirect(url_for("identity.sign_in"), 303)


@blueprint.post("/enter-as")
@requires(Action.PUBLIC)
def enter_as() -> Response:
    person_id = request.form.get("person", "")
    with reading(engine()) as connection:
        if not demo_entry.is_open(settings(), request, connection):
            abort(403)
        if not demo_entry.is_sample(connection, person_id):
            abort(404)
    return _enter(person_id, has_second_factor=True)


# The first password --------------------------------------------------------------------------------


@blueprint.get("/activate")
@requires(Action.PUBLIC)
def enter_code() -> str | Response:
    """For who would rather type the code than the whole address."""
    if "code" not in request.args:
        return render_template("identity/code.html")
    return redirect(url_for("identity.activation", token=as_typed(request.args["code"]) or "-"), 303)


@blueprint.get("/activate/<token>")
@requires(Action.PUBLIC)
def activation(token: str) -> str | tuple[str, int]:
    invited = _invitation(token)
    return _password_page(invited) if invited else _unusable_link()


@blueprint.post("/activate/<token>")
@requires(Action.PUBLIC)
def set_password(token: str) -> Response | tuple[str, int]:
    invited = _invitation(token)
    if invited is None:
        return _unusable_link()
    password = request.form.get("password", "")
    errors = _password_errors(invited, password, request.form.get("again", ""))
    if errors:
        return _password_page(invited, errors), 422
    password_hash = hash_password(password)
    with writing(engine(), invited.person_id) as connection:
        activated = activate(connection, token, password_hash, at=clock.now())
    if activated is None:
        return _unusable_link()
    session["activated"] = activated.number
    return redirect(url_for("identity.sign_in"), 303)


def _invitation(token: str) -> Invitation | None:
    with reading(engine()) as connection:
        return invitation_of(connection, token, clock.now())


def _password_errors(invited: Invitation, password: str, again: str) -> dict[str, str]:
    local_words = {
        invited.number,
        invited.name,
        *invited.name.split(),
        settings().organisation,
        "kyozai",
        "教材",
    }
    weakness = weakness_of(password, local_words)
    if weakness is not None:
        return {"password": weakness_text(weakness)}
    if again != password:
        return {"again": _("2回の入力が違います。同じパスワードを入力してください。")}
    return {}


def _password_page(invited: Invitation, errors: dict[str, str] | None = None) -> str:
    return render_template("identity/activate.html", invited=invited, errors=errors or {}, shortest=SHORTEST)


def _unusable_link() -> tuple[str, int]:
    return render_template("identity/unusable_link.html"), 404


# Accounts ------------------------------------------------------------------------------------------


@blueprint.get("/accounts")
@requires(Action.ISSUE_SLIPS)
def accounts() -> str:
    search = request.args.get("search", "").strip()
    with reading(engine()) as connection:
        found = queries.accounts(connection, search, clock.now())
    pages = max(ceil(len(found) / PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "identity/accounts.html", accounts=shown, found=len(found), search=search, page=page, pages=pages
    )


@blueprint.get("/accounts/new")
@requires(Action.ISSUE_SLIPS)
def new_accounts() -> str:
    """Whoever came with a staff list."""
    with reading(engine()) as connection:
        waiting = queries.without_account(connection, clock.now())
    return render_template("identity/new_accounts.html", waiting=waiting, slips=[], most=SLIPS_AT_ONCE)


@blueprint.post("/accounts/new")
@requires(Action.ISSUE_SLIPS)
def issue_slips() -> str:
    """As with a single slip, the answer is what is printed, this once."""
    at, hours = clock.now(), settings().activation_hours
    slips = []
    with writing(engine()) as connection:
        for person_id, number, name in queries.without_account(connection, at)[:SLIPS_AT_ONCE]:
            create_account(connection, person_id, {Role.LEARNER}, at=at, actor=signed_in().id)
            token = issue(connection, person_id, at=at, actor=signed_in().id, hours=hours)
            link = activation_link(settings().url, token)
            slips.append(Slip(name, number, link, until=at + timedelta(hours=hours)))
        waiting = queries.without_account(connection, at)
    return render_template("identity/new_accounts.html", waiting=waiting, slips=slips, most=SLIPS_AT_ONCE)


@blueprint.get("/accounts/<person_id>")
@requires(Action.ISSUE_SLIPS)
def account(person_id: str) -> str:
    return _account_page(_account(person_id))


@blueprint.post("/accounts/<person_id>/slip")
@requires(Action.ISSUE_SLIPS)
def issue_slip(person_id: str) -> str:
    """The answer to the POST is the slip itself: its link is shown this once and kept nowhere."""
    invited, at, hours = _account(person_id), clock.now(), settings().activation_hours
    if invited.state is AccountState.DISABLED or not may_invite(signed_in(), invited.roles):
        abort(403)
    with writing(engine(), person_id) as connection:
        token = issue(connection, person_id, at=at, actor=signed_in().id, hours=hours)
    link = activation_link(settings().url, token)
    slip = Slip(invited.name, invited.number, link, until=at + timedelta(hours=hours))
    return render_template("identity/slip_page.html", account=invited, slip=slip)


@blueprint.post("/accounts/<person_id>/roles")
@requires(Action.MANAGE_ACCOUNTS, fresh=True)
def change_roles(person_id: str) -> Response | tuple[str, int]:
    _account(person_id)
    wanted = {role for role in GRANTED if role.value in request.form.getlist("role")}
    try:
        with writing(engine()) as connection:
            set_roles(connection, person_id, wanted, at=clock.now(), actor=signed_in().id)
    except LastAdministrator:
        return _refuse_last_administrator(person_id, "role-administrator")
    return _back_to(person_id, _("役割を変えました。"))


@blueprint.post("/accounts/<person_id>/disable")
@requires(Action.MANAGE_ACCOUNTS)
def disable(person_id: str) -> Response | tuple[str, int]:
    _account(person_id)
    try:
        with writing(engine()) as connection:
            disable_account(connection, person_id, at=clock.now(), actor=signed_in().id)
    except LastAdministrator:
        return _refuse_last_administrator(person_id, "disable-account")
    return _back_to(person_id, _("利用を停止しました。"))


@blueprint.post("/accounts/<person_id>/enable")
@requires(Action.MANAGE_ACCOUNTS)
def enable(person_id: str) -> Response:
    _account(person_id)
    with writing(engine(), person_id) as connection:
        enable_account(connection, person_id, at=clock.now(), actor=signed_in().id)
    return _back_to(person_id, _("利用を再開しました。"))


@blueprint.post("/accounts/<person_id>/second-factor/reset")
@requires(Action.MANAGE_ACCOUNTS, fresh=True)
def reset(person_id: str) -> Response:
    """Of somebody else: whoever resets their own could do without it for ever."""
    _account(person_id)
    if person_id == signed_in().id:
        abort(403)
    with writing(engine(), person_id) as connection:
        reset_second_factor(connection, person_id, at=clock.now(), actor=signed_in().id)
    return _back_to(person_id, _("確認コードの登録を消しました。次のログインで登録し直します。"))


def _account(person_id: str) -> AccountRow:
    with reading(engine()) as connection:
        found = queries.account(connection, person_id, clock.now())
    return found or abort(404)


def _account_page(account: AccountRow, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "identity/account.html",
        account=account,
        errors=errors or {},
        roles=GRANTED,
        is_own=account.person_id == signed_in().id,
        needs_second_factor=bool(account.roles & PRIVILEGED),
        may_invite=may_invite(signed_in(), account.roles),
    )


def _refuse_last_administrator(person_id: str, field: str) -> tuple[str, int]:
    message = _("最後の管理者です。先に、別の人を管理者にしてください。")
    return _account_page(_account(person_id), {field: message}), 422


def _back_to(person_id: str, done: str) -> Response:
    flash(done)
    return redirect(url_for("identity.account", person_id=person_id), 303)
