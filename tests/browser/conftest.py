"""A real Chromium (Debian's) before a real server in this process."""

import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from server.web import clock
from tests.browser import inspections
from tests.browser.inspections import axe
from tests.browser.tab import WATCH, Tab
from tests.builders.package import real_course
from tests.builders.site import Site
from tests.builders.world import NOW, World, counted_ids

ONE_PROCESS = [
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,BackForwardCache,PaintHolding",
]
"""No new process for an empty page, and none kept for going back: half the time between two pages."""

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
    browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *ONE_PROCESS, *sandbox])
    yield browser
    browser.close()


@contextmanager
def listening() -> Iterator[BaseWSGIServer]:
    """A server at a free port, without an application yet."""
    server = make_server("127.0.0.1", 0, app=lambda _environment, _start: [], threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Site]:
    """The real course on a server that listens; its address is `course.settings.url`."""
    with listening() as server:
        site = Site(tmp_path, url=f"http://127.0.0.1:{server.server_port}")
        site.publishes(real_course())
        site.staff.policy()
        server.app = site.app
        yield site
    site.close()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all tests of pages; each restores it. Its clock stands still."""
    with listening() as server:
        world = World(tmp_path_factory.mktemp("world"), f"http://127.0.0.1:{server.server_port}")
        server.app = stopped(world.app)
        yield world
    world.close()


@pytest.fixture(scope="session")
def reused_tab(chromium: Browser, world: World) -> Iterator[Tab]:
    context = chromium.new_context(
        base_url=world.settings.url, locale="ja-JP", timezone_id="Asia/Tokyo", reduced_motion="reduce"
    )
    for script in (WATCH, inspections.LAYOUT):
        context.add_init_script(script)
    yield Tab(context, world)
    context.close()


@pytest.fixture
def tab(reused_tab: Tab) -> Iterator[Tab]:
    """One tab for all tests of pages, empty again for each: a new one takes longer than most tests."""
    with counted_ids(first=10**6):
        reused_tab.reset()
        yield reused_tab


def stopped(app: Flask) -> WSGIApplication:
    def application(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with clock.fixed(NOW):
            return app(environment, start)

    return application


SEEN = pytest.StashKey[axe.Seen]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SEEN] = axe.Seen()
    config.pluginmanager.register(Gathering())


class Gathering:
    """Where several processes test, each tells at its end what axe saw in it."""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["seen"] = session.config.stash[SEEN].told()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        node.config.stash[SEEN].hear(getattr(node, "workeroutput", {}).get("seen"))


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> axe.Seen:
    return request.config.stash[SEEN]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash[SEEN].visits:
        terminalreporter.write_line(str(config.stash[SEEN]))


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
