"""What the preview shows: the course as last read, handed from the one who reads it to those who show it."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

from builder.cache import Cache
from builder.checks import check_folder, hides_content
from builder.model.problem import Problem
from builder.rendering.course import RenderedCourse, render_course


@dataclass(frozen=True)
class Edition:
    """`rendered` is the newest state that could be read whole, None when there was none yet; `problems` are
    of now.

    `mark` tells one edition from any other, also from those of a preview that was stopped; `content` is the
    mark of the edition in which what is rendered was new.
    """

    rendered: RenderedCourse | None
    problems: tuple[Problem, ...]
    mark: str
    content: str

    @property
    def held_back(self) -> bool:
        """Whether what is rendered is of before, because of the problems."""
        return self.rendered is not None and self.content != self.mark

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)


def read_edition(root: Path, before: Edition | None = None) -> Edition:
    course, problems = check_folder(root)
    mark = secrets.token_hex(8)
    if course is not None and not any(map(hides_content, problems)):
        return Edition(render_course(course, root, Cache(root)), tuple(problems), mark, mark)
    if before is None:
        return Edition(None, tuple(problems), mark, mark)
    return Edition(before.rendered, tuple(problems), mark, before.content)


class Newest:
    """Holds the newest edition, and wakes those who wait for another one."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._changed = Condition()

    @property
    def edition(self) -> Edition:
        return self._edition

    def replace(self, edition: Edition) -> None:
        with self._changed:
            self._edition = edition
            self._changed.notify_all()

    def other_than(self, mark: str, timeout: float) -> Edition | None:
        """The newest edition once its mark is another; None when that took longer than `timeout` seconds."""
        with self._changed:
            if self._changed.wait_for(lambda: self._edition.mark != mark, timeout):
                return self._edition
            return None
