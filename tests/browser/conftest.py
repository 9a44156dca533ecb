"""A real Chromium (Debian's) before a real server in this process."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from tests.builders.package import real_course
from tests.builders.site import Site

QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Debian's chromium is needed: see packages.apt"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
    yield browser
    browser.close()


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Site]:
    """The real course on a server that listens; its address is `course.settings.url`."""
    listening = make_server("127.0.0.1", 0, app=lambda _environment, _start: [], threaded=True)
    site = Site(tmp_path, url=f"http://127.0.0.1:{listening.server_port}")
    site.publishes(real_course())
    site.staff.policy()
    listening.app = site.app
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield site
    listening.shutdown()
    thread.join()
    listening.server_close()
    site.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def context(request: pytest.FixtureRequest, chromium: Browser, course: Site) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        base_url=course.settings.url,
        java_script_enabled=request.param,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
