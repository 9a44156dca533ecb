"""The preview prints when it is asked to, once for each state, and answers pages meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from urllib.request import urlopen

import pytest

from builder.model.problem import Place, Problem
from builder.preview.editions import Newest, read_edition
from builder.preview.printing import Printer
from builder.preview.serving import PreviewServer
from builder.print import PrintFailed
from builder.print.problems import CHARACTER_LACKING
from builder.rendering.course import RenderedCourse
from tests.builders.course import changed, small_course, write

LESSON = "modules/01-plain-words/lesson.md"


class Press:
    """Stands for printing: counts, and waits when it is told to."""

    def __init__(self) -> None:
        self.printed: list[str] = []
        self.may_go_on = Event()
        self.may_go_on.set()
        self.begun = Event()

    def __call__(self, name: str, rendered: RenderedCourse) -> bytes:
        self.begun.set()
        assert self.may_go_on.wait(60)
        self.printed.append(name)
        point = rendered.course.modules[0].header.point
        if "😀" in point:
            raise PrintFailed([Problem(CHARACTER_LACKING, Place(LESSON))])
        return point.encode()


@pytest.fixture
def newest(tmp_path: Path) -> Newest:
    return Newest(read_edition(write(small_course(), tmp_path)))


def save(newest: Newest, folder: Path, old: str, new: str) -> None:
    root = write(changed(small_course(), LESSON, old, new), folder)
    newest.replace(read_edition(root, newest.edition))


def test_the_same_state_is_printed_once(newest: Newest) -> None:
    press = Press()
    printer = Printer(newest, press)

    assert printer.pdf("summary") == printer.pdf("summary")
    assert press.printed == ["summary"]


def test_a_change_is_printed_again(newest: Newest, tmp_path: Path) -> None:
    printer = Printer(newest, Press())
    printer.pdf("summary")

    save(newest, tmp_path, "point: 読む人の言葉で書く。", "point: 短く書く。")

    assert printer.pdf("summary") == "短く書く。".encode()


def test_after_an_error_the_last_good_state_is_kept(newest: Newest, tmp_path: Path) -> None:
    press = Press()
    printer = Printer(newest, press)
    before = printer.pdf("summary")

    save(newest, tmp_path, "minutes: 5", "minutes: five")

    assert printer.pdf("summary") == before
    assert press.printed == ["summary"]


def test_why_it_cannot_be_printed_is_found_once(newest: Newest, tmp_path: Path) -> None:
    press = Press()
    printer = Printer(newest, press)
    save(newest, tmp_path, "point: 読む人の言葉で書く。", "point: 😀")

    for _ in range(2):
        with pytest.raises(PrintFailed) as failed:
            printer.pdf("summary")
        assert [problem.code for problem in failed.value.problems] == ["print-character"]
    assert press.printed == ["summary"]


def test_without_any_good_state_the_errors_are_the_reason(tmp_path: Path) -> None:
    root = write({**small_course(), "course/course.yaml": "id: ["}, tmp_path)

    with pytest.raises(PrintFailed) as failed:
        Printer(Newest(read_edition(root)), Press()).pdf("summary")

    assert [problem.code for problem in failed.value.problems] == ["yaml-broken"]


@pytest.fixture
def slow() -> Iterator[Press]:
    press = Press()
    press.may_go_on.clear()
    yield press
    press.may_go_on.set()


def test_pages_are_answered_while_something_is_printed(newest: Newest, slow: Press) -> None:
    pdfs: list[bytes] = []
    with PreviewServer(newest, Printer(newest, slow), 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        waiting = Thread(target=lambda: pdfs.append(urlopen(f"{server.url}ja/print/handout.pdf").read()))
        waiting.start()
        assert slow.begun.wait(60)

        assert urlopen(f"{server.url}ja/modules/plain-words/").status == 200
        assert pdfs == []

        slow.may_go_on.set()
        waiting.join()
        server.shutdown()
    assert pdfs == ["読む人の言葉で書く。".encode()]
