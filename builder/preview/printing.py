"""The PDFs of the preview: printed when they are asked for, and once for every state of the course."""

from collections.abc import Callable
from threading import Lock

from builder.preview.editions import Newest
from builder.print import PrintFailed
from builder.rendering.course import RenderedCourse

Print = Callable[[str, RenderedCourse], bytes]
"""`summary` or `handout`, and the course → the PDF. Raises PrintFailed."""


class Printer:
    """One job at a time. Whoever waits gets the newest state, also if it came while they waited."""

    def __init__(self, newest: Newest, print_pdf: Print) -> None:
        self.newest = newest
        self.print_pdf = print_pdf
        self.lock = Lock()
        self.kept: dict[str, tuple[str, bytes | PrintFailed]] = {}

    def pdf(self, name: str) -> bytes:
        """Of the newest state that could be read whole. Raises PrintFailed, also when there was none yet."""
        with self.lock:
            edition = self.newest.edition
            if edition.rendered is None:
                raise PrintFailed(list(edition.problems))
            outcome = self.outcome(name, edition.content, edition.rendered)
        if isinstance(outcome, PrintFailed):
            raise PrintFailed(outcome.problems)
        return outcome

    def outcome(self, name: str, content: str, rendered: RenderedCourse) -> bytes | PrintFailed:
        printed, outcome = self.kept.get(name, ("", b""))
        if printed != content:
            try:
                outcome = self.print_pdf(name, rendered)
            except PrintFailed as failed:
                outcome = failed
            self.kept[name] = (content, outcome)
        return outcome
