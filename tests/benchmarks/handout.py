"""Our press against WeasyPrint by itself, each given the same HTML, figures, style sheet and fonts."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from builder.checks import check_folder
from builder.press.pdf import OWN_FILES
from builder.print.handout import handout_files, handout_page
from builder.rendering.course import render_course
from tests.benchmarks.courses import write_course
from tests.benchmarks.measuring import PYTHON, Goal, Line, in_turns, line, process

FLOOR = str(Path(__file__).parent / "floors" / "handout.py")
TURNS = 3
MODULES = 20


def handout(*, small: bool) -> Iterator[Line]:
    with TemporaryDirectory() as folder:
        write_page(Path(folder), 1 if small else MODULES)
        contenders = {
            "handout": lambda: process(PYTHON, "-m", "tests.benchmarks.pressing", folder),
            "WeasyPrint": lambda: process(PYTHON, FLOOR, folder),
        }
        times = in_turns(contenders, 1 if small else TURNS)
    yield line("handout against bare WeasyPrint on the same HTML", times, "handout", "WeasyPrint", Goal(1.1))


def write_page(folder: Path, modules: int) -> None:
    """`page.html`, with all that it shows where it asks for it."""
    root = write_course(folder / "course", modules)
    course, problems = check_folder(root)
    assert course is not None, problems
    rendered = render_course(course, root)
    (folder / "page.html").write_text(handout_page(rendered), "utf-8")
    own = {path: file.read_bytes() for path, file in OWN_FILES.items()}
    for path, data in (own | handout_files(rendered)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
