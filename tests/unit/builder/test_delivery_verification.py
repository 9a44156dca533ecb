"""`kyozai delivery verify` finds what must not reach a learning system, whoever made it."""

import io
import json
import re
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.commands.delivery import command
from builder.commands.options import as_text
from builder.deliveries import DELIVERIES, common_files, running, verification
from builder.deliveries import schemas as schemas_of
from builder.deliveries.verification import verify
from builder.language import LANGUAGES, Language
from builder.model.deliveries import USUAL
from builder.model.problem import Kind, Problem
from builder.package import open_package
from tests.builders.course import package, small_course
from tests.golden_cases import Case, cases

CASES = [case for case in cases("commands") if case.file.stem == "deliveries"]
SCHEMA_CASES = [case for case in cases("commands") if case.file.stem == "schemas"]
MANIFEST, STORE = "imsmanifest.xml", "scripts/store-scorm12.js"
Edit = Callable[[dict[str, bytes]], bytes]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Of a SCORM 1.2 delivery with nothing wrong in it."""
    opened = open_package(package(small_course(), tmp_path_factory.mktemp("course")))
    return DELIVERIES["scorm12"].files(opened, common_files(opened), USUAL)


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


RAN = "動かして確かめました：不合格にも修了にも、たどり着けます。\n"
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
    "A player that stops": replaced("scripts/state.js", "function begin(", "function began("),
    "A player that tells nothing of a failure": replaced(
        STORE, '"failed" : "incomplete"', '"incomplete" : "incomplete"'
    ),
    "A player that never tells that all is passed": replaced(STORE, 'return "passed"', 'return "browsed"'),
}


def found(case: Case, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    return verify(EDITS[case.title](dict(files)), "course.zip").problems


@pytest.mark.parametrize("form", DELIVERIES)
def test_ours_have_nothing_wrong_in_them(form: str, tmp_path: Path) -> None:
    opened = open_package(package(small_course(), tmp_path))
    seen = verify(DELIVERIES[form].make(opened, common_files(opened)), "course.zip")
    assert (seen.problems, seen.has_run) == ((), True)
    assert seen.form


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_what_is_said_of_one_that_is_not_right(
    case: Case, language: Language, files: Mapping[str, bytes]
) -> None:
    case.hold(language, "".join(f"{as_text(problem, language)}\n" for problem in found(case, files)))


def test_every_kind_has_a_case(files: Mapping[str, bytes]) -> None:
    defined = [*vars(verification).values(), *vars(running).values()]
    kinds = {value.code for value in defined if isinstance(value, Kind)}
    assert {case.title for case in CASES} == set(EDITS)
    assert kinds == {problem.code for case in CASES for problem in found(case, files)}


def test_a_player_that_never_ends_is_stopped(
    files: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_SECONDS", 0.2)
    endless = replaced("scripts/frame.js", '"use strict";', '"use strict"; while (true) {}')(dict(files))
    assert [problem.code for problem in verify(endless, "course.zip").problems] == ["delivery-run"]


def test_a_player_that_takes_all_memory_is_stopped(
    files: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_BYTES", 50_000_000)
    greedy = '"use strict"; const all = []; while (true) { all.push(new Array(100000).fill(1.5)); }'
    edited = replaced("scripts/frame.js", '"use strict";', greedy)(dict(files))
    assert [problem.code for problem in verify(edited, "course.zip").problems] == ["delivery-run"]


def test_what_others_made_is_not_run(files: Mapping[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "course.zip"
    others = {path: data for path, data in files.items() if path != "scripts/frame.js"}
    manifest = others[MANIFEST].decode().replace('<file href="scripts/frame.js"/>', "")
    page = others["index.html"].decode().replace('<script src="scripts/frame.js" defer></script>', "")
    file.write_bytes(zipped({**others, MANIFEST: manifest.encode(), "index.html": page.encode()}))
    assert not verify(file.read_bytes(), file.name).has_run
    assert "動かしてはいません" in run(file).stdout


def run(file: Path, *options: str) -> Result:
    return CliRunner().invoke(command, ["verify", str(file), *options])


def test_the_command_says_what_it_is(files: Mapping[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "course.zip"
    file.write_bytes(zipped(files))
    done = run(file)
    assert done.exit_code == 0
    assert done.stdout == f"SCORM 1.2 の配布物です。ファイル {len(files)} 個。誤りはありません。\n" + RAN
    told = json.loads(run(file, "--json").stdout)
    assert (told["form"], told["has_run"]) == ("SCORM 1.2", True)


def test_the_command_fails_on_an_error_and_not_on_a_warning(
    files: Mapping[str, bytes], tmp_path: Path
) -> None:
    file = tmp_path / "course.zip"
    file.write_bytes(zipped(files, ("more.css", b"p {}")))
    assert run(file).exit_code == 0
    file.write_bytes(zipped(files, ("../evil", b"")))
    assert run(file).exit_code == 1


def test_a_mastery_score_that_is_no_number_is_none(units: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(units)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    structure = re.sub(rb'masteryScore="[^"]*"', b'masteryScore="much"', files["cmi5.xml"])
    assert verify(zipped({**files, "cmi5.xml": structure}), "course.zip").problems == ()


# The schemas of the standards --------------------------------------------------------------------

XSD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
CMI5 = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
SMALL_SCHEMA = f"""{XSD} targetNamespace="{CMI5}" elementFormDefault="qualified">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
  <xs:element name="courseStructure">
    <xs:complexType>
      <xs:sequence><xs:any maxOccurs="MOST" processContents="skip"/></xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A cmi5 delivery: its structure has a course and a block."""
    opened = open_package(package(small_course(), tmp_path_factory.mktemp("course")))
    return DELIVERIES["cmi5"].make(opened, common_files(opened))


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """Those of two standards, one of them as it is handed out with SCORM 1.2: not well formed."""
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "xml.xsd").write_text(
        '<schema xmlns="http://www.w3.org/XML/1998/namespace"'
        ' targetNamespace="http://www.w3.org/XML/1998/namespace"/>'
    )
    (folder / "other.xsd").write_text(f'{XSD} targetNamespace="urn:other"/>')
    return folder


SCHEMAS = {
    "A manifest that does not fit its schema": SMALL_SCHEMA.replace("MOST", "1"),
    "A folder without the schema of the manifest": f'{XSD} targetNamespace="urn:another"/>',
    "A file that is no schema": SMALL_SCHEMA.replace("MOST", "many"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", SCHEMA_CASES, ids=[case.title for case in SCHEMA_CASES])
def test_what_is_said_of_a_manifest_and_its_schema(
    case: Case, language: Language, units: bytes, schemas: Path
) -> None:
    (schemas / "cmi5.xsd").write_text(SCHEMAS[case.title])
    problems = verify(units, "course.zip", schemas).problems
    case.hold(language, "".join(f"{as_text(problem, language)}\n" for problem in problems))


def test_every_kind_about_schemas_has_a_case() -> None:
    kinds = {value.code for value in vars(schemas_of).values() if isinstance(value, Kind)}
    assert {case.title for case in SCHEMA_CASES} == set(SCHEMAS)
    assert len(SCHEMAS) == len(kinds)


def test_a_manifest_that_fits_its_schema_is_taken(units: bytes, schemas: Path) -> None:
    (schemas / "cmi5.xsd").write_text(SMALL_SCHEMA.replace("MOST", "2"))
    assert verify(units, "course.zip", schemas).problems == ()


def test_a_web_delivery_has_no_manifest_to_hold_against_one(tmp_path: Path, schemas: Path) -> None:
    opened = open_package(package(small_course(), tmp_path))
    web = DELIVERIES["web"].make(opened, common_files(opened))
    assert verify(web, "course.zip", schemas).problems == ()
