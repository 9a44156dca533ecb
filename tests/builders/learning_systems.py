"""Where a delivery runs: from a file share, in scorm-again as the system of others, or launched by cmi5."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page

from builder.deliveries.data import key_of
from tests.builders.cmi5_system import ACTIVITY, Cmi5System
from tests.builders.delivered import NPM
from tests.builders.served import wait_until

LMS = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A learning system</title>
<script src="/npm/scorm-again/dist/{library}.min.js"></script>
<script>
window.{api} = new {type}({{ autocommit: false, logLevel: 4 }});
const kept = localStorage.getItem("kept");
if (kept) {{ {api}.loadFromJSON(JSON.parse(kept)); }}
for (const name of {calls}) {{
  const original = {api}[name].bind({api});
  {api}[name] = (given) => {{
    const answer = original(given);
    const stored = {{ cmi: JSON.parse(JSON.stringify({api}.cmi)), exit: {exit}, call: name }};
    localStorage.setItem("stored", JSON.stringify(stored));
    localStorage.setItem("kept", JSON.stringify({resumed}));
    return answer;
  }};
}}
</script></head>
<body style="margin:0">
<iframe title="course" src="/{form}/index.html" style="border:0;width:100vw;height:100vh"></iframe>
</body></html>
"""
FORMS: dict[str, dict[str, str]] = {
    "scorm12": {
        "library": "scorm12",
        "api": "API",
        "type": "Scorm12API",
        "calls": '["LMSCommit", "LMSFinish"]',
        "exit": "API.cmi.core.toJSON().exit || API.cmi.core._exit",
        "resumed": "{ suspend_data: API.cmi.suspend_data, core: { lesson_status: API.cmi.core.lesson_status,"
        " student_name: '青海 はる', score: { raw: API.cmi.core.score.raw } } }",
    },
    "scorm2004": {
        "library": "scorm2004",
        "api": "API_1484_11",
        "type": "Scorm2004API",
        "calls": '["Commit", "Terminate"]',
        "exit": "API_1484_11.cmi.toJSON().exit",
        "resumed": "{ suspend_data: API_1484_11.cmi.suspend_data, learner_name: '青海 はる',"
        " completion_status: API_1484_11.cmi.completion_status,"
        " objectives: JSON.parse(JSON.stringify(API_1484_11.cmi.objectives)) }",
    },
}


@dataclass
class System:
    """`open()` as a learner would launch the course; `stored()` what was kept of it by now."""

    form: str
    url: str
    page: Page
    modules: list[str]

    def open(self) -> None:
        self.page.goto(self.url)

    def leaves(self, context: BrowserContext) -> None:
        """The tab is closed, and nothing said. What was stored then can be read from a page beside it."""
        self.page.close()
        self.page = context.new_page()
        self.page.goto(self.url.rpartition("/")[0] + "/beside.html")

    def stored(self) -> dict[str, Any]:
        """In the words of tests/cases/deliveries.json."""
        if self.form == "web":
            (text,) = self.page.evaluate("Object.values(localStorage)")
            return {"complete": self._complete(text)}
        stored = json.loads(self.page.evaluate("localStorage.getItem('stored')"))
        cmi = stored["cmi"]
        told = _scorm12(cmi) if self.form == "scorm12" else _scorm2004(cmi)
        ended = {"exit": stored["exit"]} if stored["call"] in ("LMSFinish", "Terminate") else {}
        return {**told, **ended, "complete": self._complete(cmi["suspend_data"])}

    def _complete(self, packed: str) -> list[str]:
        return complete_in(packed, self.modules)


@dataclass
class Launched:
    """The same of a cmi5 unit that is the whole course: each `open()` is another session."""

    system: Cmi5System
    page: Page
    modules: list[str]
    form: str = "cmi5"
    registration: str = field(default_factory=lambda: str(uuid4()))
    under_way: int = 0

    def open(self) -> None:
        self.page.on("request", lambda _: self._counts(1))
        self.page.on("requestfinished", lambda _: self._counts(-1))
        self.page.on("requestfailed", lambda _: self._counts(-1))
        self.page.goto(self.system.launch("index.html", ACTIVITY, self.registration, mastery=1.0))

    def _counts(self, more: int) -> None:
        self.under_way += more

    def leaves(self, context: BrowserContext) -> None:
        self.page.close()
        wait_until(lambda: self.system.sessions[-1].verbs[-1:] == ["terminated"])
        self.page, self.under_way = context.new_page(), 0

    def stored(self) -> dict[str, Any]:
        """When nothing more is on its way."""
        quiet = 0
        while quiet < 3:
            self.page.wait_for_timeout(50)
            quiet = 0 if self.under_way else quiet + 1
        session = self.system.sessions[-1]
        scores = [result["score"]["scaled"] for result in self._results() if "score" in result]
        return {
            "told": [verb for verb in session.verbs if verb != "answered"],
            "score": scores[-1] if scores else None,
            "complete": complete_in(self._packed(), self.modules),
        }

    def _results(self) -> list[dict[str, Any]]:
        return [statement.get("result", {}) for statement in self.system.statements]

    def _packed(self) -> str:
        ((_, kept),) = self.system.documents.values()
        return str(json.loads(kept)["state"])


def complete_in(packed: str, modules: list[str]) -> list[str]:
    fields = [module.split("/") for module in packed.split("|")[6].split(";") if module]
    passed = {field[0] for field in fields if field[2]}
    return [module for module in modules if key_of(module) in passed]


def _scorm12(cmi: dict[str, Any]) -> dict[str, Any]:
    core = cmi["core"]
    return {"lesson_status": core["lesson_status"], "score": core["score"]["raw"]}


def _scorm2004(cmi: dict[str, Any]) -> dict[str, Any]:
    return {
        "completion_status": cmi["completion_status"],
        "success_status": cmi["success_status"],
        "score": cmi["score"]["raw"],
        "progress": cmi["progress_measure"],
        "modules": {each["id"]: each["success_status"] for each in cmi["objectives"].values()},
    }


def beside(folder: Path) -> None:
    """A page of the same place, in which nothing happens."""
    (folder / "beside.html").write_text("<!DOCTYPE html><title>beside</title>", "utf-8")


def lms_page(form: str, folder: Path) -> str:
    """Its name in the folder, which holds the unpacked delivery, too."""
    if not (folder / "npm").exists():
        (folder / "npm").symlink_to(NPM)
    beside(folder)
    (folder / f"{form}.html").write_text(LMS.format(form=form, **FORMS[form]), "utf-8")
    return f"{form}.html"
