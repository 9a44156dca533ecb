"""A learning system that launches cmi5 units, and refuses what breaks the specification.

It gives a token once, keeps state and statements, and says of every statement what is wrong with it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

Statement = dict[str, Any]

ACTOR = {
    "objectType": "Agent",
    "name": "青海 はる",
    "account": {"homePage": "https://lms.example", "name": "00123"},
}
ACTIVITY = "https://lms.example/activities/1"
VERBS = "http://adlnet.gov/expapi/verbs/"
DEFINED = ("initialized", "completed", "passed", "failed", "terminated")
"""What cmi5 defines; other verbs are allowed, without its category."""

MOVING_ON = ("completed", "passed", "failed")
CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/"
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"


@dataclass
class Session:
    """One launch of a unit."""

    id: str
    activity: str
    registration: str
    mastery: float
    token: str | None
    verbs: list[str] = field(default_factory=list)


@dataclass
class Cmi5System:
    """`launch()` gives the address to open. `statements` were kept, `faults` refused."""

    url: str = ""
    sessions: list[Session] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    documents: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def launch(self, unit: str, activity: str, registration: str, mastery: float) -> str:
        number = len(self.sessions) + 1
        session = Session(f"session-{number}", activity, registration, mastery, token=f"token-{number}")
        self.sessions.append(session)
        values = {
            "endpoint": f"{self.url}/lrs/",
            "fetch": f"{self.url}/fetch/{number}",
            "actor": json.dumps(ACTOR, ensure_ascii=False),
            "registration": registration,
            "activityId": activity,
        }
        return f"{self.url}/{unit}{'&' if '?' in unit else '?'}{urlencode(values)}"

    def launch_data(self) -> dict[str, Any]:
        session = self.sessions[-1]
        return {
            "contextTemplate": {
                "contextActivities": {"grouping": [{"id": "https://lms.example/courses/1"}]},
                "extensions": {SESSION: session.id},
            },
            "launchMode": "Normal",
            "moveOn": "Passed",
            "masteryScore": session.mastery,
        }

    def verbs(self, registration: str) -> list[str]:
        """Of what cmi5 defines, in the order in which it came."""
        told = [each for each in self.statements if each["context"]["registration"] == registration]
        return [verb_of(each) for each in told if verb_of(each) in DEFINED]

    def takes(self, statement: Statement) -> bool:
        """One that it has already changes nothing."""
        if statement in self.statements:
            return True
        found = faults_of(statement, self.sessions[-1], self.verbs(self.sessions[-1].registration))
        self.faults += found
        if not found:
            self.statements.append(statement)
            self.sessions[-1].verbs.append(verb_of(statement))
        return not found


def verb_of(statement: Statement) -> str:
    return str(statement["verb"]["id"]).removeprefix(VERBS)


def faults_of(statement: Statement, session: Session, before: list[str]) -> list[str]:
    """`before`: the verbs that were told of the registration so far."""
    verb, context, result = verb_of(statement), statement["context"], statement.get("result", {})
    categories = {each["id"] for each in context.get("contextActivities", {}).get("category", [])}
    checks = {
        "id is no UUID": not is_uuid(statement.get("id", "")),
        "no timestamp": "timestamp" not in statement,
        "another actor": statement["actor"] != ACTOR,
        "another registration": context.get("registration") != session.registration,
        "no session": context.get("extensions", {}).get(SESSION) != session.id,
        "the context of the launch is not kept": not context.get("contextActivities", {}).get("grouping"),
        "not initialized first": not session.verbs and verb != "initialized",
        "initialized twice": verb == "initialized" and "initialized" in session.verbs,
        "after terminated": "terminated" in session.verbs,
        "no cmi5 category": verb in DEFINED and CATEGORY + "cmi5" not in categories,
        "a cmi5 category": verb not in DEFINED and CATEGORY + "cmi5" in categories,
        "no moveon category": verb in MOVING_ON and CATEGORY + "moveon" not in categories,
        "a moveon category": verb not in MOVING_ON and CATEGORY + "moveon" in categories,
        "no duration": verb in (*MOVING_ON, "terminated") and "duration" not in result,
        "another activity": verb in DEFINED and statement["object"]["id"] != session.activity,
        "success is wrong": verb in ("passed", "failed") and result.get("success") is not (verb == "passed"),
        "completion is wrong": verb == "completed" and result.get("completion") is not True,
        "told twice": verb in ("passed", "completed") and verb in before,
        "failed after passed": verb == "failed" and "passed" in before,
        "score against mastery": not score_fits(verb, result, session.mastery),
        "no mastery score": verb in ("passed", "failed")
        and context.get("extensions", {}).get(MASTERY) != session.mastery,
    }
    return [f"{verb}: {fault}" for fault, is_so in checks.items() if is_so]


def score_fits(verb: str, result: dict[str, Any], mastery: float) -> bool:
    if verb not in ("passed", "failed") or "score" not in result:
        return True
    return bool((result["score"]["scaled"] >= mastery) is (verb == "passed"))


def is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *given: Any, system: Cmi5System, **more: Any) -> None:
        self.system = system
        super().__init__(*given, **more)

    def log_message(self, *_: Any) -> None:
        pass

    @property
    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answers(self, status: HTTPStatus, content: bytes = b"", kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(ConnectionError):  # who asked may be gone
            self.wfile.write(content)

    def may(self) -> bool:
        if self.headers.get("Authorization", "").startswith("Basic token-"):
            return True
        self.answers(HTTPStatus.UNAUTHORIZED)
        return False

    def do_POST(self) -> None:
        body, path = self.body, urlsplit(self.path).path
        if path.startswith("/fetch/"):
            self.gives_token(int(path.rpartition("/")[2]))
        elif path == "/lrs/statements" and self.may():
            taken = [self.system.takes(statement) for statement in json.loads(body)]
            self.answers(HTTPStatus.OK if all(taken) else HTTPStatus.BAD_REQUEST, b"[]")

    def gives_token(self, number: int) -> None:
        session = self.system.sessions[number - 1]
        if session.token is None:
            self.system.faults.append("the token was fetched twice")
            self.answers(HTTPStatus.OK, b'{"error-code": "1", "error-text": "already in use"}')
            return
        told = json.dumps({"auth-token": session.token}).encode()
        session.token = None
        self.answers(HTTPStatus.OK, told)

    def do_PUT(self) -> None:
        if self.may():
            kind = self.headers.get("Content-Type", "")
            self.system.documents[self.name()] = (kind, self.body)
            self.answers(HTTPStatus.NO_CONTENT)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/favicon.ico":
            self.answers(HTTPStatus.NO_CONTENT)
        elif not path.startswith("/lrs/"):
            super().do_GET()
        elif self.may():
            self.gives_document(path)

    def gives_document(self, path: str) -> None:
        values = parse_qs(urlsplit(self.path).query)
        if path == "/lrs/agents/profile":
            self.answers(HTTPStatus.OK, b'{"languagePreference": "ja-JP,en-US", "audioPreference": "off"}')
        elif values["stateId"] == ["LMS.LaunchData"]:
            self.answers(HTTPStatus.OK, json.dumps(self.system.launch_data()).encode())
        elif self.name() in self.system.documents:
            kind, content = self.system.documents[self.name()]
            self.answers(HTTPStatus.OK, content, kind)
        else:
            self.answers(HTTPStatus.NOT_FOUND)

    def name(self) -> str:
        values = parse_qs(urlsplit(self.path).query)
        assert json.loads(values["agent"][0]) == ACTOR
        return " ".join(values[each][0] for each in ("stateId", "activityId", "registration"))


@contextmanager
def launching(folder: Path) -> Iterator[Cmi5System]:
    """Over the folder of an unpacked delivery."""
    system = Cmi5System()
    handler = partial(_Handler, system=system, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    system.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield system
    server.shutdown()
    thread.join()
    server.server_close()
