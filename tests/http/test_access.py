"""Who may open what: every route, as every role and as nobody, against the table in server/web/access.py."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from server.web.access import PERMISSIONS, Action, Field, Role
from tests.builders.site import Site
from tests.golden_cases import REWRITE
from tests.http.pages import Answer, PageClient, Request
from tests.permissions_page import PAGE, action_of, page, visits

NOBODY = "nobody"
EVERYBODY = (NOBODY, *Role)
PRIVATE = {Field.SCORE, Field.ANSWERS}

REFUSES_BY_ITS_OWN_RULE = {
    "identity.enter_as": "only a demonstration lets people in without a password",
}


def allowed(action: Action) -> set[str]:
    if action is Action.PUBLIC:
        return set(EVERYBODY)
    if action is Action.SIGNED_IN:
        return {*Role}
    return {*PERMISSIONS[action]}


def visit(client: PageClient, rule: Rule, method: str) -> str:
    answer = client.send(Request(method, client.home + address(rule), fields(client, method)))
    if answer.status == 403:
        return "refused"
    return "asked to sign in" if asks_to_sign_in(answer) else "let in"


def address(rule: Rule) -> str:
    _, path = rule.build(dict.fromkeys(rule.arguments, "x")) or ("", "")
    return path


def fields(client: PageClient, method: str) -> list[tuple[str, str]]:
    if method == "GET":
        return []
    page = client.get("/sign-in")
    return [("csrf_token", i.get("value", "")) for i in page.all("input") if i.get("name") == "csrf_token"][
        :1
    ]


def asks_to_sign_in(answer: Answer) -> bool:
    """Signing out leads to the same page, after it has cleared the browser."""
    return answer.headers.get("Location", "").startswith("/sign-in") and (
        "Clear-Site-Data" not in answer.headers
    )


def expected(app: Flask, rule: Rule, who: str) -> str:
    if rule.endpoint in REFUSES_BY_ITS_OWN_RULE:
        return "refused"
    if who in allowed(action_of(app, rule)):
        return "let in"
    return "asked to sign in" if who == NOBODY else "refused"


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_route_lets_in_whom_the_table_names_and_nobody_else(site: Site, who: str) -> None:
    client = site.client() if who == NOBODY else site.learner(roles=(Role(who),))
    differing = []
    # Signing out comes last: nothing could be visited after it.
    for rule, method in sorted(visits(site.app), key=lambda visit: visit[0].endpoint == "identity.sign_out"):
        found = visit(client, rule, method)
        if found != expected(site.app, rule, who):
            differing.append(f"{method} {rule.rule}: {found}, not {expected(site.app, rule, who)}")

    assert differing == []


def test_the_document_is_made_from_the_table(site: Site) -> None:
    """A route that goes or comes, or another role that may open it, is seen in this document's history."""
    if REWRITE:
        PAGE.write_text(page(site.app), "utf-8")

    assert PAGE.read_text("utf-8") == page(site.app)


def test_an_auditor_changes_nothing(site: Site) -> None:
    """Of the forms, only those that everybody has: to sign out, to give one's own code, and the like."""
    own = {Action.PUBLIC, Action.SIGNED_IN}
    sent = {action_of(site.app, rule) for rule, method in visits(site.app) if method != "GET"} - own

    assert {action for action in sent if Role.AUDITOR in PERMISSIONS[action]} == set()


def test_nobody_but_the_learner_sees_scores_and_answers() -> None:
    shown = [(a, r) for a, roles in PERMISSIONS.items() for r, seen in roles.items() if PRIVATE & seen]

    assert shown == [(Action.LEARN, Role.LEARNER)]


def test_the_auditor_sees_of_records_what_hr_sees() -> None:
    for action in (Action.SEE_RECORDS, Action.EXPORT_RECORDS, Action.SEE_POLICIES, Action.SEE_IMPORTS):
        assert PERMISSIONS[action][Role.AUDITOR] == PERMISSIONS[action][Role.HR]


def test_a_manager_sees_neither_the_day_nor_the_version_of_a_completion() -> None:
    seen = PERMISSIONS[Action.SEE_SECTION][Role.MANAGER]

    assert seen.isdisjoint({Field.COMPLETED, Field.VERSION, Field.EVIDENCE, Field.CERTIFICATE, *PRIVATE})
