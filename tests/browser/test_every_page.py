"""Every route, in each of its states, as every role: what holds on all pages."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from builder.language import Language
from server.web.access import Action, Role
from tests.browser.inspections import axe, conduct, layout, reading
from tests.browser.states import STATES, WITHOUT_A_PAGE, State
from tests.browser.states.refusals import REFUSAL
from tests.browser.tab import Tab
from tests.builders.world import MODULE, World
from tests.http.test_access import EVERYBODY, NOBODY, allowed
from tests.permissions_page import action_of, visits


def looked_at() -> Iterator[tuple[State, Language]]:
    """Every state in Japanese; in English, which changes words only, one of each route and long names."""
    routes = set()
    for state in STATES:
        yield state, "ja"
        if state.route not in routes or "long names" in state.name:
            yield state, "en"
        routes.add(state.route)


@pytest.mark.parametrize(
    ("state", "language"), [pytest.param(*look, id=f"{look[0].id}-{look[1]}") for look in looked_at()]
)
def test_a_page_in_a_state(tab: Tab, seen: axe.Seen, state: State, language: Language) -> None:
    """In Japanese wide and as it is read aloud, in English narrow."""
    tab.reset(language)
    state.reach(tab)
    faults = list(conduct.inspect(tab, may_fail=state.route == REFUSAL))
    if language == "ja":
        faults += reading.inspect(tab, state.id)
    else:
        faults += layout.reflows(tab.page)
    faults += axe.inspect(tab, seen, state.route, state.role, state.id)
    if language == "ja":
        faults += layout.inspect(tab.page)

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_route_as_a_role(tab: Tab, seen: axe.Seen, who: str) -> None:
    """What a role may not open it is refused on a page like any other. Forms that it may send have states."""
    app = tab.world.app
    sign_in_as(tab, who)
    tab.open("/nowhere")
    faults = []
    for rule, method in visits(app):
        is_allowed = who in allowed(action_of(app, rule))
        if is_allowed and (rule.endpoint in WITHOUT_A_PAGE or is_own_form(app, rule, method)):
            continue
        visit(tab, rule, method)
        name = f"{method} as {who}"
        found = [*conduct.inspect(tab), *axe.inspect(tab, seen, rule.endpoint, who, name)]
        faults += [f"{name} {rule.rule}: {fault}" for fault in found]

    assert not faults, "\n".join(faults)


def sign_in_as(tab: Tab, who: str) -> None:
    if who != NOBODY:
        tab.sign_in(tab.world.staff.person("目黒 はる", reading="メグロ ハル", roles=(Role(who),)))


def is_own_form(app: Flask, rule: Rule, method: str) -> bool:
    return method == "POST" and action_of(app, rule) is not Action.PUBLIC


def visit(tab: Tab, rule: Rule, method: str) -> None:
    values = {"module_id": MODULE, "section_id": "background", "person_id": tab.world.newcomer.id}
    _, path = rule.build({**dict.fromkeys(rule.arguments, "x"), **values}) or ("", "")
    if method == "POST":
        tab.post(path)
    else:
        tab.open(path)


def test_every_route_has_a_state_or_a_reason_to_have_none(world: World) -> None:
    routes = {rule.endpoint for rule in world.app.url_map.iter_rules()}
    shown = {state.route for state in STATES} - {REFUSAL}

    assert shown | set(WITHOUT_A_PAGE) == routes
    assert shown & set(WITHOUT_A_PAGE) == set()


def test_every_role_that_may_send_a_form_has_a_state_of_it(world: World) -> None:
    seen = {(state.route, state.role) for state in STATES}
    sent = [rule for rule, method in visits(world.app) if is_own_form(world.app, rule, method)]
    missing = {
        (rule.endpoint, who)
        for rule in sent
        for who in allowed(action_of(world.app, rule))
        if (rule.endpoint, who) not in seen and rule.endpoint not in WITHOUT_A_PAGE
    }

    assert missing == set()


def test_golden_files_are_those_of_the_states() -> None:
    assert {file.stem for file in reading.GOLDEN.iterdir()} == {state.id for state in STATES}
    assert len({state.id for state in STATES}) == len(STATES)
