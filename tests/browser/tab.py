"""A tab of a real browser, open at the world's server: who sits at it, what it shows, what it fetched."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page, Response, ViewportSize

from builder.language import Language
from tests.builders.staff import Person
from tests.builders.world import World

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 320, "height": 640}

WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", event =>
  violations.push(`${event.effectiveDirective}: ${event.blockedURI || event.sample}`));
"""
POST = """
path => {
  const token = document.querySelector("input[name=csrf_token]").cloneNode();
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  form.append(token);
  document.body.append(form);
  form.submit();
}
"""


@dataclass
class Fetched:
    """What the tab asked for, and was sent, since the page that it shows began."""

    requests: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Tab:
    """`tab.sign_in(world.hr_officer)`, `tab.open("/hr/people")`, then `tab.page` as Playwright has it."""

    def __init__(self, context: BrowserContext, world: World) -> None:
        self.world = world
        self.language: Language = "ja"
        self.fetched = Fetched()
        self.has_session = False
        self.context = context
        self.page = self._watched(context.new_page())

    def reset(self, language: Language = "ja") -> None:
        """As somebody else would find it, over a world that is as it was."""
        self.page.goto("about:blank")
        self.context.clear_cookies()
        self.page.set_viewport_size(WIDE)
        self.world.restore()
        self.language, self.has_session = language, False

    def sign_in(self, person: Person, *, minutes_ago: int = 0, second_factor: bool = True) -> "Tab":
        """By a session that is there already; the form has tests of its own."""
        token = self.world.session_of(
            person, language=self.language, minutes_ago=minutes_ago, second_factor=second_factor
        )
        self.context.add_cookies([{"name": "kyozai", "value": token, "url": self.world.settings.url}])
        self.has_session = True
        return self

    def open(self, path: str) -> None:
        if self.language != "ja" and not self.has_session:
            self._choose_language()
        self._begin_page()
        self.page.goto(path)

    def press(self, name: str) -> None:
        """The one button or link in <main> that says this, in either language."""
        self._begin_page()
        self.page.locator(f"main :is(button, a):has-text('{name}')").click()
        self.page.wait_for_load_state()

    def submit(self, form: str) -> None:
        """Press the form's button, whatever the browser itself thinks of the fields."""
        self._begin_page()
        self.page.locator(f"form#{form}").evaluate("form => { form.noValidate = true; }")
        with self.page.expect_navigation():
            self.page.locator(f"form#{form} button[type=submit]").first.click()

    def comes_back(self) -> None:
        """The reader looks at this tab again."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def post(self, path: str) -> None:
        """As no form of the page would, but with the page's token."""
        self._begin_page()
        with self.page.expect_navigation():
            self.page.evaluate(POST, path)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def evaluate(self, script: str, *given: Any) -> Any:
        return self.page.evaluate(script, *given)

    def _watched(self, page: Page) -> Page:
        page.on("request", lambda request: self.fetched.requests.append(request.url))
        page.on("response", lambda response: self.fetched.responses.append(response))
        page.on("pageerror", lambda error: self.fetched.complaints.append(str(error)))
        return page

    def _begin_page(self) -> None:
        self.fetched = Fetched()

    def _choose_language(self) -> None:
        self.page.goto("/activate")
        with self.page.expect_navigation():
            self.page.locator(".language-switch button").click()
        self.has_session = True
