"""openfun's ralph as the store of xAPI statements behind a learning system: checks them and keeps them."""

import base64
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import bcrypt
from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement

from tests.builders.cmi5_system import Statement
from tests.builders.served import answers_at, free_port, wait_until

USER, PASSWORD = "cmi5-system", "k" * 16


def faults_by_ralph(statement: Statement) -> list[str]:
    """What breaks xAPI itself, by ralph's model of a statement."""
    try:
        BaseXapiStatement(**statement)
    except ValidationError as error:
        return [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
    return []


@dataclass
class StatementStore:
    port: int
    folder: Path

    def takes(self, statements: Sequence[Statement]) -> list[str]:
        """In one request, as its store of files wants it. The ids of those that it has kept."""
        return list(self._ask(json.dumps(list(statements)).encode()))

    def kept(self) -> list[Statement]:
        return list(self._ask()["statements"])

    def _ask(self, body: bytes | None = None) -> Any:
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        headers = {
            "Authorization": f"Basic {token}",
            "X-Experience-API-Version": "1.0.3",
            "Content-Type": "application/json",
        }
        url = f"http://127.0.0.1:{self.port}/xAPI/statements/"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            return json.loads(answer.read())


@contextmanager
def storing(folder: Path) -> Iterator[StatementStore]:
    """Ralph's server over an empty folder."""
    port, data, users = free_port(), folder / "data", folder / "users.json"
    data.mkdir()
    known = {"hash": bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode(), "scopes": ["all"]}
    agent = {"name": USER, "mbox": "mailto:system@lms.example"}
    users.write_text(json.dumps([{"username": USER, "agent": agent, **known}]), encoding="utf-8")
    environment = {
        **os.environ,
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(users),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(data),
    }
    command = [sys.executable, "-m", "uvicorn", "ralph.api:app", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        wait_until(partial(answers_at, port))
        yield StatementStore(port, folder)
    finally:
        process.terminate()
        process.wait()
