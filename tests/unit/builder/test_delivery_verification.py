"""`kyozai delivery verify` finds what must not reach a learning system, whoever made it."""

import io
import json
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.commands.delivery import command
from builder.commands.options import as_text
from builder.deliveries import DELIVERIES, common_files, verification
from builder.deliveries.verification import verify
from builder.language import LANGUAGES, Language
from builder.model.problem import Kind, Problem
from builder.package import open_package
from tests.builders.course import package, small_course
from tests.golden_cases import Case, cases

CASES = [case for case in cases("commands") if case.file.stem == "deliveries"]
MANIFEST = "imsmanifest.xml"
Edit = Callable[[dict[str, bytes]], bytes]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Of a SCORM 1.2 delivery with nothing wrong in it."""
    opened = open_package(package(small_course(), tmp_path_factory.mktemp("course")))
    return DELIVERIES["scorm12"].files(opened, common_files(opened))


def zipped(files: Mapping[str, bytes], *more: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*files.items(), *more]:
            archive.writestr(name, content)
    return buffer.getvalue()


def added(name: str, content: bytes = b"") -> Edit:
    return lambda files: zipped(files, (name, content))


def replaced(name: str, old: str, new: str) -> Edit:
    def edit(files: dict[str, bytes]) -> bytes:
        text = files[name].decode()
        assert old in text
        return zipped({**files, name: text.replace(old, new).encode()})

    return edit


def linked(files: dict[str, bytes]) -> bytes:
    entry = zipfile.ZipInfo("secret.html")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped(files, (entry, b"/etc/passwd"))


def twice(files: dict[str, bytes]) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped(files, ("index.html", b"<!DOCTYPE html>"))


DOCTYPE = '<!DOCTYPE manifest [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<manifest'
EDITS: dict[str, Edit] = {
    "A delivery that is cut short": lambda files: zipped(files)[:-100],
    "A delivery that would fill the memory": added("bomb", bytes(500_000_000)),
    "A name that leads out of the delivery": added("../evil.html"),
    "An absolute name": added("/etc/cron.d/evil"),
    "A name with a drive": added("C:\\evil.html"),
    "A link in the place of a file": linked,
    "The same file twice": twice,
    "An archive in the archive": added("scripts/more.js", b"PK\x03\x04"),
    "A zip of something else": lambda _: zipped({"letter.txt": b"Not a course."}),
    "A manifest that is no XML": replaced(MANIFEST, "</metadata>", "</metadta>"),
    "A manifest with an entity": replaced(MANIFEST, "<manifest", DOCTYPE),
    "A SCORM of another version": replaced(
        MANIFEST, "<schemaversion>1.2<", "<schemaversion>2004 3rd Edition<"
    ),
    "A manifest that opens nothing": replaced(MANIFEST, 'scormtype="sco"', 'scormtype="asset"'),
    "A file of the manifest that is not there": replaced(
        MANIFEST, '<file href="NOTICE"/>', '<file href="NOTICE"/><file href="more.js"/>'
    ),
    "A file that the manifest does not list": added("more.css", b"p {}"),
    "A page that fetches from elsewhere": replaced(
        "index.html", "</head>", '<script src="https://cdn.example/player.js"></script></head>'
    ),
    "A page that fetches what is not there": replaced(
        "index.html", "</head>", '<script src="scripts/more.js"></script></head>'
    ),
}


def found(case: Case, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    return verify(EDITS[case.title](dict(files)), "course.zip").problems


@pytest.mark.parametrize("form", DELIVERIES)
def test_ours_have_nothing_wrong_in_them(form: str, tmp_path: Path) -> None:
    opened = open_package(package(small_course(), tmp_path))
    seen = verify(DELIVERIES[form].make(opened, common_files(opened)), "course.zip")
    assert seen.problems == ()
    assert seen.form


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_is_said_of_one_that_is_not_right(
    case: Case, language: Language, files: Mapping[str, bytes]
) -> None:
    case.hold(language, "".join(f"{as_text(problem, language)}\n" for problem in found(case, files)))


def test_every_kind_has_a_case(files: Mapping[str, bytes]) -> None:
    kinds = {value.code for value in vars(verification).values() if isinstance(value, Kind)}
    assert {case.title for case in CASES} == set(EDITS)
    assert kinds == {problem.code for case in CASES for problem in found(case, files)}


def run(file: Path, *options: str) -> Result:
    return CliRunner().invoke(command, ["verify", str(file), *options])


def test_the_command_says_what_it_is(files: Mapping[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "course.zip"
    file.write_bytes(zipped(files))
    done = run(file)
    assert done.exit_code == 0
    assert done.stdout == f"SCORM 1.2 の配布物です。ファイル {len(files)} 個。誤りはありません。\n"
    assert json.loads(run(file, "--json").stdout)["form"] == "SCORM 1.2"


def test_the_command_fails_on_an_error_and_not_on_a_warning(
    files: Mapping[str, bytes], tmp_path: Path
) -> None:
    file = tmp_path / "course.zip"
    file.write_bytes(zipped(files, ("more.css", b"p {}")))
    assert run(file).exit_code == 0
    file.write_bytes(zipped(files, ("../evil", b"")))
    assert run(file).exit_code == 1
