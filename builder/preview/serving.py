"""Serves the preview on this machine only."""

import mimetypes
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

from builder.preview.editions import Newest
from builder.preview.pages import page, print_failed, printed_name
from builder.preview.printing import Printer
from builder.print import PrintFailed
from builder.rendering import questions
from builder.rendering.styles import SCREEN_STYLES

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
OWN_FILES = {
    "/theme/kyozai.css": SCREEN_STYLES,
    "/theme/preview.css": (files("builder.preview") / "static" / "preview.css").read_bytes(),
    "/theme/preview.js": (files("builder.preview") / "static" / "preview.js").read_bytes(),
    **{f"/theme/{name}": script for name, script in questions.SCRIPTS.items()},
}
HEARTBEAT = 15.0
"""Seconds after which a silent stream of events says that it is still there, and finds out who has left."""


class PreviewServer(ThreadingHTTPServer):
    """Raises OSError when the port cannot be had. Port 0 takes a free one."""

    def __init__(self, newest: Newest, printer: Printer, port: int) -> None:
        super().__init__((ADDRESS, port), Handler)
        self.newest = newest
        self.printer = printer

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves in the middle is no fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PreviewServer

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        path = unquote(address.path)
        if not self.is_for_us():
            self.answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"Not this server.\n")
        elif path == "/events":
            self.tell_changes()
        elif path == "/":
            self.redirect("/ja/")
        elif path in OWN_FILES:
            self.answer(HTTPStatus.OK, content_type(path), OWN_FILES[path])
        elif path.startswith("/assets/"):
            self.asset(path.removeprefix("/"))
        elif name := printed_name(path):
            self.print(name, path)
        else:
            self.answer_page(*page(self.server.newest.edition, path, address.query))

    def answer_page(self, status: HTTPStatus, html: str) -> None:
        self.answer(status, "text/html; charset=utf-8", html.encode())

    def print(self, name: str, path: str) -> None:
        """Takes as long as printing takes; meanwhile the pages are answered as ever."""
        try:
            self.answer(HTTPStatus.OK, "application/pdf", self.server.printer.pdf(name))
        except PrintFailed as failed:
            self.answer_page(*print_failed(path, failed.problems))

    def is_for_us(self) -> bool:
        """Else a page anywhere could read the course here, under a name that leads to this machine."""
        return self.headers.get("Host") in [f"{name}:{self.server.server_port}" for name in NAMES]

    def asset(self, path: str) -> None:
        rendered = self.server.newest.edition.rendered
        data = rendered.assets.get(path) if rendered else None
        if data is None:
            self.answer(HTTPStatus.NOT_FOUND, "text/plain", b"No such figure.\n")
        else:
            self.answer(HTTPStatus.OK, content_type(path), data)

    def redirect(self, path: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def tell_changes(self) -> None:
        """A stream of marks: the newest edition's at once, then every new one's."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        mark = ""
        while True:
            edition = self.server.newest.other_than(mark, HEARTBEAT)
            mark = edition.mark if edition else mark
            self.wfile.write(f"data: {mark}\n\n".encode() if edition else b": still here\n\n")

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Every page that is looked at is no news."""


def content_type(path: str) -> str:
    kind = mimetypes.types_map.get("." + path.rpartition(".")[2], "application/octet-stream")
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
