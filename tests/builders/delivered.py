"""A delivery in a real browser: unpacked, opened, and answered to its end."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Frame, Page, expect

from builder.deliveries import DELIVERIES, common_files
from builder.model.deliveries import USUAL, Options
from builder.package import Package, open_package
from server.demo.history import form_of

NPM = Path(__file__).parents[1] / "npm" / "node_modules"


def unpacked(name: str, package: bytes, folder: Path, options: Options = USUAL) -> Path:
    """The delivery's folder."""
    opened = open_package(package)
    made = DELIVERIES[name].make(opened, common_files(opened), options)
    target = folder / name
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        archive.extractall(target)
    return target


class _Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """No browser is told that there is no icon: a learning system has one."""
        if self.path == "/favicon.ico":
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a static server over the folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Player:
    """`player.opens("plain-words")`, `player.takes(wrong=1)`: as a learner sees it."""

    def __init__(self, page: Page, package: bytes) -> None:
        self.page = page
        self.package: Package = open_package(package)

    @property
    def frame(self) -> Frame:
        """The one that holds the pages, however deep it lies in those of a learning system."""
        (found,) = [frame for frame in self.page.frames if "/ja/" in frame.url or "/en/" in frame.url]
        return found

    def is_shown(self) -> None:
        """Waits for the first page."""
        inner = (
            self.page.frame_locator("iframe[title=course]")
            if self.page.locator("iframe[title=course]").count()
            else self.page
        )
        expect(inner.frame_locator("#page").locator("h1")).to_be_visible()
        expect(self.frame.locator("#standing")).to_be_visible()

    def opens_quiz(self, module: str) -> None:
        self.goes_home()
        self.frame.locator(f"[data-module={module}] a").click()
        self.frame.locator("#to-quiz").click()
        self.frame.locator("#begin").click()
        expect(self.frame.locator("#asking")).to_be_visible()

    def goes_home(self) -> None:
        self.frame.locator(".site-header__name").click()
        expect(self.frame.locator("#standing")).to_be_visible()

    def answers(self, *, right: bool = True) -> None:
        """The question that is shown, and looks at its explanation."""
        fields = self.frame.locator("#question-place fieldset")
        question_id = (fields.get_attribute("id") or "").removeprefix("question-")
        self._fill(question_id, right=right)
        self.frame.locator("#question button[type=submit]").click()
        expect(self.frame.locator("#explaining")).to_be_visible()
        heading = self.frame.locator("#explaining h1").inner_text()
        assert heading == ("正解" if right else "不正解"), f"{question_id}: {heading}"

    def goes_on(self) -> None:
        self.frame.locator("#go-on").click()
        expect(self.frame.locator("#explaining")).to_be_hidden()

    def takes(self, module: str, *, wrong: int = 0) -> str:
        """A whole attempt in which so many answers, the first ones, are wrong. What the result says."""
        self.opens_quiz(module)
        return self.finishes(wrong=wrong)

    def finishes(self, *, wrong: int = 0) -> str:
        while self.frame.locator("#asking").is_visible():
            self.answers(right=wrong <= 0)
            wrong -= 1
            self.goes_on()
        return self.frame.locator("#result h1").inner_text()

    def _fill(self, question_id: str, *, right: bool) -> None:
        (question,) = [
            question
            for module in self.package.manifest.modules
            for _, question in self.package.quiz(module.id).questions()
            if question.id == question_id
        ]
        form = form_of(question, right=right)
        place = self.frame.locator("#question-place")
        for name, values in form.items():
            for value in values:
                if place.locator(f"select[name={name}]").count():
                    place.locator(f"select[name={name}]").select_option(value)
                else:
                    place.locator(f"input[name={name}][value={value}]").check()
