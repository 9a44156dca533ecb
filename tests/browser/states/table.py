"""How a state of a page is written down."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.tab import Tab

Reach = Callable[[Tab], None]


@dataclass(frozen=True)
class State:
    """`route` is an endpoint of the server; `reach` brings a tab from an empty one into this state.

    `id` names the golden file of what is read on the page.
    """

    route: str
    name: str
    role: str
    reach: Reach

    @property
    def id(self) -> str:
        return f"{self.route}.{self.name}".replace("_", "-").replace(" ", "-").replace(",", "")


STATES: list[State] = []

WITHOUT_A_PAGE = {
    "web.theme": "a style sheet",
    "web.script": "a script",
    "web.time_left": "JSON for the script of every page: its notice has states of its own",
    "web.extend": "JSON for the same script",
    "web.health": "JSON for machines",
    "web.set_language": "leads back to the page that it was pressed on, and each is seen in both languages",
    "learning.asset": "a figure or a PDF: figures are seen in their lessons, PDFs have tests of their own",
    "learning.draft": "JSON for the page's script: the question is seen with its draft",
    "learning.certificate_on_paper": "a PDF with tests of its own",
    "learning.attempt": "leads to the question in turn, or to the result",
    "learning.begin": "leads to the first question",
    "learning.own_data": "a file",
    "reporting.closed_file": "a file",
    "reporting.export": "a file",
    "reporting.person_data": "a file",
    "reporting.departments_csv": "a file",
    "reporting.events_csv": "a file",
    "reporting.modules_csv": "a file",
    "reporting.speed_csv": "a file",
    "identity.enter_as": "leads home, as signing in does",
    "identity.sign_out": "leads to the sign-in page",
}
"""Routes that answer with no page of their own. Those who may not ask are answered with a refusal."""


def state(route: str, name: str, role: str) -> Callable[[Reach], Reach]:
    def add(reach: Reach) -> Reach:
        STATES.append(State(route, name, role, reach))
        return reach

    return add
