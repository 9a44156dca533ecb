"""What is in a delivery: all that its pages need, nothing from elsewhere, the same bytes every time."""

import io
import re
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from xml.etree.ElementTree import Element, fromstring

import html5lib
import pytest

from builder.deliveries import DELIVERIES, common_files
from builder.deliveries.data import Size, longest_state
from builder.deliveries.limits import SCORM12_STATE
from builder.deliveries.verification import Verified, verify
from builder.model.deliveries import PRESETS, USUAL, Options
from builder.package import Package, open_package
from tests.builders.course import package, small_course
from tests.builders.package import real_course

FORMS = tuple(DELIVERIES)
CMI5 = "{https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd}"
XHTML = "{http://www.w3.org/1999/xhtml}"
FETCHED = {"img": "src", "script": "src", "link": "href", "iframe": "src"}
"""Element → the attribute by which the browser fetches by itself."""

OUTSIDE = re.compile(r"[a-z]+:|//")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return open_package(package(small_course(), tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module", params=FORMS)
def files(request: pytest.FixtureRequest, course: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made(request.param, course))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def made(form: str, course: Package) -> bytes:
    return DELIVERIES[form].make(course, common_files(course))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_package_gives_the_same_bytes(form: str, course: Package) -> None:
    assert made(form, course) == made(form, course)


def test_every_link_leads_to_a_file_and_nothing_is_fetched_from_elsewhere(files: dict[str, bytes]) -> None:
    faults = []
    for path, data in files.items():
        if not path.endswith(".html"):
            continue
        for element in html5lib.parse(data.decode()).iter():
            tag = str(element.tag).removeprefix(XHTML)
            fetched = element.get(FETCHED[tag]) if tag in FETCHED else None
            target = fetched or (element.get("href") if tag == "a" else None)
            if target is None or target.startswith("#"):
                continue
            if OUTSIDE.match(target):
                faults += [(path, target)] if fetched else []
            elif resolved(path, target) not in files:
                faults.append((path, target))
    assert faults == []


def resolved(path: str, target: str) -> str:
    parts: list[str] = []
    whole = PurePosixPath(path).parent / unquote(target.partition("#")[0])
    for part in whole.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def test_no_script_fetches_anything(files: dict[str, bytes]) -> None:
    """But for the one that speaks to a learning system by its address."""
    for path, data in files.items():
        if path.endswith(".js") and path != "scripts/store-cmi5.js":
            assert not re.search(rb"fetch\(|XMLHttpRequest|import |https?://", data), path


def test_every_page_names_its_language_and_has_a_title(files: dict[str, bytes]) -> None:
    for path, data in files.items():
        if path.endswith(".html"):
            root = html5lib.parse(data.decode())
            assert root.get("lang") == (path[:2] if "/" in path else "ja"), path
            assert (root.findtext(f".//{XHTML}title") or "").strip()


def test_no_japanese_of_ours_is_left_on_an_english_page(files: dict[str, bytes]) -> None:
    """What the course says is marked as Japanese."""
    for path, data in files.items():
        if path.startswith("en/") and path.endswith(".html"):
            body = html5lib.parse(data.decode()).find(f"{XHTML}body")
            assert body is not None
            assert japanese(body) == [], path


def japanese(element: Element) -> list[str]:
    tag = str(element.tag).removeprefix(XHTML)
    if element.get("lang") == "ja" or tag in ("script", "template"):
        return []
    texts = [element.text, *(child.tail for child in element)]
    found = [text.strip() for text in texts if text and re.search("[ぁ-んァ-ヶ一-龠]", text)]
    return found + [text for child in element for text in japanese(child)]


@pytest.mark.parametrize("form", ["scorm12", "scorm2004"])
def test_a_manifest_lists_every_other_file_once(form: str, course: Package) -> None:
    found = DELIVERIES[form].files(course, common_files(course), USUAL)
    listed = [
        str(element.get("href"))
        for element in fromstring(found["imsmanifest.xml"]).iter()
        if str(element.tag).endswith("}file")
    ]
    assert sorted(listed) == sorted(set(found) - {"imsmanifest.xml"})


def test_the_notices_of_others_are_in_each(files: dict[str, bytes]) -> None:
    ours = (Path(__file__).parents[3] / "NOTICE").read_text("utf-8")
    licence = ours[ours.index("    Permission is hereby granted") : ours.index("Kyozai is not an official")]
    assert licence.strip() in files["NOTICE"].decode()
    assert "Creative Commons Attribution 4.0" in files["NOTICE"].decode()


def test_the_papers_are_in_each(files: dict[str, bytes], course: Package) -> None:
    assert files["handout.pdf"] == course.read("handout.pdf")
    assert files["summary.pdf"] == course.read("summary.pdf")


def test_cmi5_may_have_the_whole_course_in_one_unit(course: Package) -> None:
    made = DELIVERIES["cmi5"].make(course, common_files(course), Options(one_unit=True))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        structure = fromstring(archive.read("cmi5.xml"))
    (unit,) = structure.findall(f"{CMI5}au")
    assert (unit.findtext(f"{CMI5}url"), unit.get("masteryScore")) == ("index.html", "1.0")
    assert verify(made, "course.zip") == Verified("cmi5", len(archive.namelist()), (), has_run=True)


@pytest.mark.parametrize("name", PRESETS)
def test_what_is_made_for_a_system_by_its_name_has_nothing_wrong_in_it(name: str, course: Package) -> None:
    preset = PRESETS[name]
    made = DELIVERIES[preset.form].make(course, common_files(course), preset.options)
    seen = verify(made, "course.zip")
    assert (seen.problems, seen.has_run) == ((), True)


def test_moodle_is_given_no_score_by_which_to_overrule_the_status(course: Package) -> None:
    """Else whoever leaves in the middle has failed there."""
    usual = DELIVERIES["scorm12"].files(course, common_files(course), USUAL)
    moodle = DELIVERIES["scorm12"].files(course, common_files(course), PRESETS["moodle"].options)
    assert b"masteryscore" in usual["imsmanifest.xml"]
    assert b"masteryscore" not in moodle["imsmanifest.xml"]
    assert {path for path in usual if usual[path] != moodle[path]} == {"imsmanifest.xml"}


def test_a_course_that_scorm_12_cannot_keep_is_not_made_for_it() -> None:
    manifest = open_package(real_course()).manifest
    large = manifest.model_copy(update={"modules": manifest.modules * 4})
    assert DELIVERIES["scorm12"].fits(manifest)
    assert not DELIVERIES["scorm12"].fits(large)
    assert DELIVERIES["scorm2004"].fits(large)


def test_the_longest_state_grows_with_every_module() -> None:
    one = Size("1.0.0", 4, 9)
    assert longest_state("jukkajo", "1.0.0", [one] * 10) < SCORM12_STATE
    assert longest_state("jukkajo", "1.0.0", [one] * 11) > longest_state("jukkajo", "1.0.0", [one] * 10)
