"""`kyozai build`: the same bytes everywhere, all of them or none."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.package import open_package
from tests.builders.course import changed, small_course, write
from tests.builders.machine import LATER, kyozai

KILLING = """
import os, signal
from types import SimpleNamespace
from builder import output
kill = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(small_course(), tmp_path_factory.mktemp("course"))
    done = kyozai("build", folder=root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def built(built_once: Path) -> dict[str, bytes]:
    """What a build of the small course leaves."""
    return contents(built_once / "dist")


@pytest.fixture
def root(built_once: Path, tmp_path: Path) -> Path:
    """The small course after a build, with its cache."""
    return shutil.copytree(built_once, tmp_path / "course")


def test_a_build_leaves_the_package_the_pdfs_and_their_checksums(built: dict[str, bytes]) -> None:
    assert sorted(built) == [
        "SHA256SUMS",
        "handout.pdf",
        "small-1.0.0-cmi5.zip",
        "small-1.0.0-scorm12.zip",
        "small-1.0.0-scorm2004.zip",
        "small-1.0.0-web.zip",
        "small-1.0.0.zip",
        "summary.pdf",
    ]
    package = open_package(built["small-1.0.0.zip"])
    assert package.read("handout.pdf") == built["handout.pdf"]
    assert package.read("summary.pdf") == built["summary.pdf"]


def test_a_system_is_made_for_by_its_name(root: Path, built: dict[str, bytes]) -> None:
    done = kyozai("build", "--preset", "moodle", folder=root)
    assert done.returncode == 0, done.stderr
    assert set(contents(root / "dist")) - set(built) == {"small-1.0.0-moodle.zip"}


def test_one_unit_changes_the_cmi5_delivery_alone(root: Path, built: dict[str, bytes]) -> None:
    kyozai("build", "--one-unit", folder=root)
    found = contents(root / "dist")
    assert {name for name in built if found[name] != built[name]} == {"SHA256SUMS", "small-1.0.0-cmi5.zip"}


def test_without_the_schemas_that_were_named_nothing_is_made(root: Path, built: dict[str, bytes]) -> None:
    (root / "xsd").mkdir()
    done = kyozai("build", "--schemas", "xsd", folder=root)
    assert done.returncode == 1
    assert "xsd に、imsmanifest.xml のスキーマ（.xsd）がありません。" in done.stderr
    assert contents(root / "dist") == built


def test_the_same_sources_give_the_same_bytes_on_another_machine(
    built: dict[str, bytes], tmp_path: Path
) -> None:
    root = tmp_path / "別の フォルダ"
    write(dict(reversed(small_course().items())), root)
    for path in root.rglob("*"):
        os.utime(path, (1, 1))
    (tmp_path / "home").mkdir()

    done = kyozai(
        *("build", "--course", str(root), "--output", str(tmp_path / "out"), "--lang", "en"),
        folder=tmp_path / "home",
        before=LATER,
        umask=0o077,
        TZ="Pacific/Kiritimati",
        LC_ALL="C",
        LANG="tr_TR.UTF-8",
        LANGUAGE="fr",
        HOME=str(tmp_path / "home"),
        USER="somebody",
        LOGNAME="somebody",
        PYTHONHASHSEED="7",
        PYTHONUTF8="1",
    )

    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == built


def test_the_clock_of_the_other_machine_is_another(tmp_path: Path) -> None:
    show = "print(datetime.datetime.now().year, time.gmtime().tm_year, datetime.date.today().year); exit()\n"

    here = kyozai(folder=tmp_path, before=f"import datetime, time\n{show}").stdout.split()
    there = kyozai(folder=tmp_path, before=LATER + show).stdout.split()

    assert [there[number] > here[number] for number in range(3)] == [True, True, True]


def test_the_cache_changes_nothing(built: dict[str, bytes], root: Path) -> None:
    entries = [path for path in (root / ".kyozai" / "cache").rglob("*") if path.is_file()]

    kyozai("build", folder=root)
    assert contents(root / "dist") == built

    damage = (b"", b"0" * 64 + b"\nnot what was made", bytes(range(256)))
    for number, path in enumerate(entries):
        path.write_bytes(damage[number % len(damage)])
    kyozai("build", folder=root)
    assert contents(root / "dist") == built


def test_what_changed_is_made_again(built: dict[str, bytes], root: Path) -> None:
    write(changed(small_course(), "modules/02-ask-early/lesson.md", "直せません。", "直せないのです。"), root)
    kyozai("build", folder=root)

    after = contents(root / "dist")
    assert "直せないのです" in open_package(after["small-1.0.0.zip"]).sections("ask-early")["background"]
    assert after["handout.pdf"] != built["handout.pdf"]


def test_a_build_that_finds_problems_leaves_the_old_one(built: dict[str, bytes], root: Path) -> None:
    write(changed(small_course(), "quizzes/01-plain-words.yaml", "answer: a\n", "answer: x\n"), root)

    done = kyozai("build", folder=root)

    assert done.returncode == 1
    assert "quiz-answer-unknown" in done.stderr
    assert done.stdout == ""
    assert contents(root / "dist") == built


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        ("output.fill = kill", "small-1.0.0.zip"),
        ("output.swap = kill", "small-1.0.0.zip"),
        # not the function itself: printing removes a folder of its own, whenever memory is tidied up
        ("output.shutil = SimpleNamespace(rmtree=kill)", "small-1.0.1.zip"),
    ],
    ids=["before it writes", "before it swaps", "before it tidies up"],
)
def test_a_build_that_is_killed_leaves_the_old_one_or_the_new_one(
    built: dict[str, bytes], root: Path, moment: str, kept: str
) -> None:
    write(changed(small_course(), "course/course.yaml", "release: 1.0.0", "release: 1.0.1"), root)

    killed = kyozai("build", folder=root, before=f"{KILLING}{moment}\n")

    assert killed.returncode == -signal.SIGKILL
    left = contents(root / "dist")
    assert kept in left
    assert (left == built) == (kept in built)


def test_the_next_build_clears_away_what_a_killed_one_left(root: Path) -> None:
    kyozai("build", folder=root, before=f"{KILLING}output.swap = kill\n")
    assert list(root.glob(".dist-*"))

    kyozai("build", folder=root)

    assert list(root.glob(".dist-*")) == []


def test_everyone_may_read_what_was_built_as_far_as_the_umask_says(root: Path) -> None:
    kyozai("build", folder=root, umask=0o027)

    assert (root / "dist").stat().st_mode & 0o777 == 0o750
    assert (root / "dist" / "SHA256SUMS").stat().st_mode & 0o777 == 0o640


def test_files_that_no_build_made_are_not_replaced(built: dict[str, bytes], root: Path) -> None:
    (root / "dist" / "notes.txt").write_text("覚え書き")

    done = kyozai("build", folder=root)

    assert done.returncode == 1
    assert "[output-foreign-files]" in done.stderr
    assert contents(root / "dist") == built | {"notes.txt": "覚え書き".encode()}


def test_an_output_folder_that_cannot_be_is_a_problem(root: Path) -> None:
    done = kyozai("build", "--output", str(root / "course" / "course.yaml" / "dist"), folder=root)

    assert done.returncode == 1
    assert "[output-not-writable]" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_printed_is_a_problem(built: dict[str, bytes], root: Path) -> None:
    lesson = "modules/02-ask-early/lesson.md"
    write(changed(small_course(), lesson, "point: 作る前に聞く。", "point: 😀"), root)

    done = kyozai("build", folder=root)

    assert done.returncode == 1
    assert lesson in done.stderr
    assert contents(root / "dist") == built


SETTLED = "from builder import last_build\nlast_build.SETTLED = -(10**18)\n"
"""Files that were written just now count as old ones."""

MAKES_NOTHING = SETTLED + "from builder import making\nmaking.make = None\n"


def test_where_nothing_changed_nothing_is_made(root: Path) -> None:
    first = kyozai("build", folder=root, before=SETTLED)

    again = kyozai("build", folder=root, before=MAKES_NOTHING)

    assert (again.returncode, again.stdout) == (0, first.stdout), again.stderr


def test_what_changed_within_the_same_moment_is_not_trusted(root: Path) -> None:
    long_ago = "from builder import last_build\nlast_build.SETTLED = 10**18\n"

    kyozai("build", folder=root, before=long_ago)

    assert kyozai("build", folder=root, before=MAKES_NOTHING).returncode == 3


def replace_lesson(root: Path) -> None:
    """By one of the same length, with the time of the old one."""
    lesson = root / "modules" / "02-ask-early" / "lesson.md"
    before = lesson.stat()
    lesson.write_text(lesson.read_text("utf-8").replace("直せません。", "直せるのか。"), "utf-8")
    os.utime(lesson, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a lesson": replace_lesson,
    "a folder": lambda root: (root / "modules" / "03-empty").mkdir(),
    "an output": lambda root: (root / "dist" / "handout.pdf").write_bytes(b"changed"),
    "an output gone": lambda root: (root / "dist" / "handout.pdf").unlink(),
    "what was noted": lambda root: (root / ".kyozai" / "cache" / "last-build").write_bytes(b"damaged"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changed_the_whole_course_is_looked_at_again(
    root: Path, change: Callable[[Path], object]
) -> None:
    kyozai("build", folder=root, before=SETTLED)
    change(root)

    assert kyozai("build", folder=root, before=MAKES_NOTHING).returncode != 0


def test_a_build_for_another_folder_is_another_build(root: Path) -> None:
    kyozai("build", folder=root, before=SETTLED)

    assert kyozai("build", "--output", "other", folder=root, before=MAKES_NOTHING).returncode == 3
