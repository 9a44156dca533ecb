"""axe-core on the page as it stands, and what it has seen in this run."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

from tests.browser.tab import Tab

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
EXCEPTIONS: dict[tuple[str, str], str] = {}
"""(rule, state's id) → why the page is right nevertheless."""

SCRIPT = f"() => {{ {Axe().axe_script} }}"

PASSING = re.compile(r'name="(?:csrf_token|next)"[^>]*')
"""What differs between pages that are otherwise one."""


@dataclass
class Seen:
    """`visits`: route, role, state, language, width. `known`: pages without a fault, not asked twice."""

    visits: set[tuple[str, str, str, str, int]] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    version: str = ""

    def told(self) -> str:
        """As it goes from one process to another."""
        return json.dumps([sorted(self.visits), self.version])

    def hear(self, told: str | None) -> None:
        """What another process told; one that saw nothing, or ended early, told nothing."""
        visits, version = json.loads(told) if told else ([], "")
        self.visits |= {(*visit,) for visit in visits}
        self.version = version or self.version

    def count(self, index: int) -> int:
        return len({visit[index] for visit in self.visits})

    def __str__(self) -> str:
        return (
            f"axe {self.version} saw {len(self.visits)} pages without a fault: {self.count(0)} routes × "
            f"{self.count(1)} roles × {self.count(2)} states, {self.count(3)} languages, "
            f"{self.count(4)} widths; {len(EXCEPTIONS)} exceptions"
        )


def inspect(tab: Tab, seen: Seen, route: str, role: str, state: str) -> Iterator[str]:
    width = int(tab.evaluate("innerWidth"))
    page = f"{width} {PASSING.sub('', tab.page.content())}"
    if page not in seen.known:
        faults = list(violations(tab.page, seen, state))
        yield from faults
        if faults:
            return
        seen.known.add(page)
    seen.visits.add((route, role, state, tab.language, width))


def violations(page: Page | Frame, seen: Seen, state: str) -> Iterator[str]:
    options = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
    page.evaluate(SCRIPT)
    found = page.evaluate("options => axe.run(options)", options)
    seen.version = found["testEngine"]["version"]
    for violation in found["violations"]:
        if (violation["id"], state) not in EXCEPTIONS:
            for node in violation["nodes"]:
                yield f"axe {violation['id']}: {node['html'][:200]} — {node['failureSummary']}"
