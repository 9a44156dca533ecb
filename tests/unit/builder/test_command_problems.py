"""What the commands of authors refuse, and what packages and PDFs must not be, is said as clearly."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.checks import check_folder
from builder.commands.options import as_text
from builder.language import LANGUAGES, Language
from builder.model.course import Course
from builder.model.problem import Place, Problem
from builder.output import OutputRefused, replace_output
from builder.package import PackageInvalid, open_package
from builder.print.problems import (
    characters_lacking,
    course_disagrees,
    module_disagrees,
    summary_too_long,
)
from tests.builders.course import package, small_course, write
from tests.builders.package import listed, packed, unpacked
from tests.golden_cases import Case, cases

COMMANDS = [case for case in cases("commands") if case.file.stem == "authors"]
MADE = [case for case in cases("commands") if case.file.stem == "made"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", COMMANDS, ids=[case.title for case in COMMANDS])
def test_what_a_command_refuses(case: Case, language: Language, data: bytes, tmp_path: Path) -> None:
    """`small-1.0.0.zip` in a command is the package of the small course."""
    root = write(case.course() | {"small-1.0.0.zip": data}, tmp_path)
    *before, last = case.blocks("command")[0].splitlines()

    for line in before:
        assert run(line, root, language).exit_code == 0
    done = run(last, root, language)

    assert done.exit_code == 1
    case.hold(language, done.stderr)


def run(line: str, root: Path, language: Language) -> Result:
    name, *given = line.split()
    arguments = [str(root / each) if each.endswith(".zip") else each for each in given]
    command = import_module(f"builder.commands.{name}").command
    return CliRunner().invoke(command, [*arguments, "--course", str(root), "--lang", language])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return package(small_course(), tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course, problems = check_folder(write(small_course(), tmp_path_factory.mktemp("course")))
    assert course is not None, problems
    return course


def refused(data: bytes) -> list[Problem]:
    with pytest.raises(PackageInvalid) as invalid:
        open_package(data)
    return invalid.value.problems


def without(data: bytes, name: str) -> bytes:
    return packed({other: content for other, content in unpacked(data).items() if other != name})


def edited(data: bytes, name: str, old: str, new: str) -> bytes:
    """With the right digest of the edited file in the list."""
    files = unpacked(data)
    return packed(listed(files | {name: files[name].replace(old.encode(), new.encode())}))


PACKAGES: dict[str, Callable[[bytes], bytes]] = {
    "A package that is cut short": lambda data: data[:-100],
    "A package that would fill the memory": lambda data: packed(unpacked(data), ("bomb", bytes(50_000_000))),
    "A file name that leads out of the package": lambda data: packed(unpacked(data), ("../evil", b"")),
    "A package that lacks a file": lambda data: without(data, "handout.pdf"),
    "A file that is not in the list": lambda data: packed(unpacked(data), ("extra.txt", b"")),
    "A file that was changed": lambda data: packed(unpacked(data) | {"handout.pdf": b"%PDF another"}),
    "A list that is none": lambda data: packed(unpacked(data) | {"course.json": b"[1"}),
    "Content that is not that of the list": lambda data: edited(
        data, "quizzes/ask-early.json", "直せません", "直せます"
    ),
    "A script in a page": lambda data: edited(
        data, "modules/ask-early/ja.html", "</h2>", "</h2><script>alert(1)</script>"
    ),
}


def refused_output(folder: Path) -> list[Problem]:
    with pytest.raises(OutputRefused) as refused:
        replace_output(folder, {"handout.pdf": b"%PDF"})
    problem = refused.value.problem
    values = {**problem.values, "folder": folder.name}
    return [Problem(problem.kind, Place(folder.name), values)]


def output_with_a_letter(folder: Path) -> list[Problem]:
    write({"dist/letter.txt": "Not of the build."}, folder)
    return refused_output(folder / "dist")


def output_that_is_a_file(folder: Path) -> list[Problem]:
    write({"dist": "A file."}, folder)
    return refused_output(folder / "dist")


def output_below_a_file(folder: Path) -> list[Problem]:
    write({"dist": "A file."}, folder)
    return refused_output(folder / "dist" / "pages")


OUTPUTS: dict[str, Callable[[Path], list[Problem]]] = {
    "A folder with files that no build made": output_with_a_letter,
    "A file where the folder for the build is due": output_that_is_a_file,
    "A folder for the build that cannot be made": output_below_a_file,
}


def page_of_another_module(course: Course, data: bytes) -> list[Problem]:
    return [module_disagrees("summary", course, open_package(data).manifest.modules[0])]


PRINTED: dict[str, Callable[[Course, bytes], list[Problem]]] = {
    "A summary of two pages": lambda course, _: [summary_too_long(course, 2)],
    "A character that the font lacks": lambda course, _: characters_lacking(course, frozenset("😀")),
    "A PDF that says another thing of a module than the pages": page_of_another_module,
    "A PDF without the number of the release": lambda *_: [course_disagrees("handout", "版1.0.0（")],
}


def made(case: Case, data: bytes, course: Course, folder: Path) -> list[Problem]:
    if case.title in PACKAGES:
        return refused(PACKAGES[case.title](data))
    if case.title in OUTPUTS:
        return OUTPUTS[case.title](folder)
    return PRINTED[case.title](course, data)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", MADE, ids=[case.title for case in MADE])
def test_what_is_wrong_with_what_was_made(
    case: Case, language: Language, data: bytes, course: Course, tmp_path: Path
) -> None:
    problems = made(case, data, course, tmp_path)

    case.hold(language, "".join(f"{as_text(problem, language)}\n" for problem in problems))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_is_in_a_package_twice(language: Language, data: bytes) -> None:
    (case,) = [case for case in cases("commands") if case.title == "A file that is in a package twice"]

    problems = refused(packed(unpacked(data), ("quizzes/ask-early.json", b"{}")))

    case.hold(language, "".join(f"{as_text(problem, language)}\n" for problem in problems))
