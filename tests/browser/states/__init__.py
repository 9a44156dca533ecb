"""The table of pages: each route in each of its states, and who sees it there."""

from tests.browser.states import (
    corrections,
    identity,
    learning,
    organisation,
    person_entries,
    policies,
    refusals,
    reporting,
    reports,
    roster,
    second_factor,
    section,
)
from tests.browser.states.table import STATES, WITHOUT_A_PAGE, State

__all__ = [
    "STATES",
    "WITHOUT_A_PAGE",
    "State",
    "corrections",
    "identity",
    "learning",
    "organisation",
    "person_entries",
    "policies",
    "refusals",
    "reporting",
    "reports",
    "roster",
    "second_factor",
    "section",
]
