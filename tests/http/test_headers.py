"""The headers of every answer, whatever is asked and whoever asks."""

import pytest

from server.web.access import Role
from tests.builders.site import Site
from tests.http.pages import Answer, Request
from tests.http.test_access import EVERYBODY, NOBODY, address, fields
from tests.permissions_page import visits

KEPT_BY_BROWSERS = ("web.theme", "web.script")
SAID_ALWAYS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), "
    "serial=(), usb=()",
}


def answers(site: Site, who: str) -> dict[str, Answer]:
    """Of every route and method, by words that name them."""
    client = site.client() if who == NOBODY else site.learner(roles=(Role(who),))
    return {
        f"{method} {rule.rule} ({rule.endpoint})": client.send(
            Request(method, client.home + address(rule), fields(client, method))
        )
        for rule, method in sorted(
            visits(site.app), key=lambda visit: visit[0].endpoint == "identity.sign_out"
        )
    }


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_answer_says_what_browsers_must_not_do(site: Site, who: str) -> None:
    for route, answer in answers(site, who).items():
        said = {name: answer.headers.get(name) for name in SAID_ALWAYS}
        assert said == SAID_ALWAYS, route
        if not any(f"({endpoint})" in route for endpoint in KEPT_BY_BROWSERS):
            assert answer.headers.get("Cache-Control") == "no-store", route
        assert "Strict-Transport-Security" not in answer.headers, route


def test_over_https_every_answer_asks_for_https_for_a_year(site_over_https: Site) -> None:
    for route, answer in answers(site_over_https, NOBODY).items():
        assert answer.headers.get("Strict-Transport-Security") == "max-age=31536000", route


def test_signing_out_clears_the_browser_and_nothing_else_does(site: Site) -> None:
    clearing = [
        route for route, answer in answers(site, "learner").items() if "Clear-Site-Data" in answer.headers
    ]
    assert clearing == ["POST /sign-out (identity.sign_out)"]
