"""Who may open what: every route, as every role and as nobody, against the table in server/web/access.py."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from server.web.access import PERMISSIONS, Action, Role
from tests.builders.site import Site
from tests.http.pages import Answer, PageClient, Request

ROOT = Path(__file__).parent.parent.parent
NOBODY = "nobody"
EVERYBODY = (NOBODY, *Role)

REFUSES_BY_ITS_OWN_RULE = {
    "identity.enter_as": "only a demonstration lets people in without a password",
}


def visits(app: Flask) -> list[tuple[Rule, str]]:
    """Every route with every method that it answers."""
    answered = [(rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()]
    return sorted(
        ((rule, method) for rule, method in answered if method not in ("HEAD", "OPTIONS")),
        key=lambda visit: (visit[0].rule, visit[1]),
    )


def action_of(app: Flask, rule: Rule) -> Action:
    action = getattr(app.view_functions[rule.endpoint], "action", None)
    assert isinstance(action, Action), f"{rule.rule} names no action"
    return action


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


def test_the_document_has_every_route(site: Site) -> None:
    """A route that goes or comes, or another role that may open it, is seen in this document's history."""
    lines = [
        f"| {method} | `{rule.rule}` | {words(action_of(site.app, rule))} |"
        for rule, method in visits(site.app)
    ]
    document = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")

    assert [line for line in document.splitlines() if line.startswith(("| GET", "| POST"))] == lines


def words(action: Action) -> str:
    names = {
        Role.LEARNER: "受講者",
        Role.HR: "人事担当",
        Role.MANAGER: "所属長",
        Role.ADMINISTRATOR: "管理者",
    }
    if action is Action.PUBLIC:
        return "だれでも（ログイン不要）"
    if action is Action.SIGNED_IN:
        return "ログインした人"
    return "、".join(names[role] for role in Role if role in PERMISSIONS[action])
