"""A course package is the same for the same content, and nothing forged or damaged opens."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.digests import canonical
from builder.model.problem import Problem
from builder.package import Package, PackageInvalid, open_package
from builder.package.reading import MOST_FILES
from tests.builders.course import changed, package, small_course
from tests.builders.package import listed, packed, unpacked


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return package(small_course(), tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def opened(data: bytes) -> Package:
    return open_package(data)


def problems_of(data: bytes) -> list[Problem]:
    with pytest.raises(PackageInvalid) as refused:
        open_package(data)
    return refused.value.problems


def codes_of(data: bytes) -> list[str]:
    return [problem.code for problem in problems_of(data)]


def test_what_was_packed_is_there(opened: Package) -> None:
    assert [module.id for module in opened.manifest.modules] == ["plain-words", "ask-early"]
    assert list(opened.sections("plain-words")) == ["background", "do-not", "first-action"]
    assert opened.sections("ask-early")["background"].startswith("<h2>背景</h2>")
    assert list(opened.introduction()) == ["guideline"]
    assert opened.quiz("plain-words").question("short-1").key() == "a"
    assert opened.read("handout.pdf").startswith(b"%PDF")
    assert opened.read("assets/plain-words/lengths.svg").startswith(b"<svg")


@pytest.mark.parametrize("read", [Package.sections, Package.quiz, Package.read])
def test_what_is_not_there_is_a_key_error(opened: Package, read: Callable[[Package, str], object]) -> None:
    with pytest.raises(KeyError):
        read(opened, "none")


def test_the_archive_says_nothing_of_when_and_where_it_was_made(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()

    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.external_attr >> 16, entry.create_system, entry.extra) for entry in entries} == {
        (0o100644, 3, b"")
    }


def test_the_tools_are_named(opened: Package) -> None:
    tools = opened.manifest.tools

    assert {"kyozai", "markdown-it-py", "nh3", "weasyprint", "pango", "harfbuzz", "zlib"} <= set(tools)
    assert "missing" not in tools.values()


def test_the_predecessor_is_the_newest_lower_release(tmp_path: Path) -> None:
    releases = {f"course/releases/{number}.json": "{}" for number in ("1.9.0", "1.10.0", "2.0.0", "3.0.0")}
    files = changed(small_course(), "course/course.yaml", "release: 1.0.0", "release: 2.0.0") | releases

    assert open_package(package(files, tmp_path)).manifest.predecessor == "1.10.0"


def test_the_first_release_has_no_predecessor(opened: Package) -> None:
    assert opened.manifest.predecessor is None


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("modules/02-ask-early/lesson.md", "直せません。", "直せないのです。"),
        ("modules/02-ask-early/lesson.md", "title: 早く聞こう", "title: 早めに聞こう"),
        ("modules/01-plain-words/figures/lengths.svg", "短い文", "短文"),
        ("quizzes/01-plain-words.yaml", "短い文は一度で読めます。", "短い文は読めます。"),
        ("quizzes/01-plain-words.yaml", "pass: 2", "pass: 3"),
        ("course/glossary.yaml", "一緒に作ることです。", "ともに作ることです。"),
        ("course/course.yaml", "title: 指針の目次", "title: 目次"),
    ],
)
def test_the_content_digest_changes_with_what_learners_meet(
    opened: Package, tmp_path: Path, path: str, old: str, new: str
) -> None:
    other = open_package(package(changed(small_course(), path, old, new), tmp_path))

    assert other.manifest.content_digest != opened.manifest.content_digest


@pytest.mark.parametrize(
    ("old", "new"), [("release: 1.0.0", "release: 1.0.1"), ("released: 2026-12-01", "released: 2026-12-02")]
)
def test_the_content_digest_stays_when_the_content_does(
    opened: Package, tmp_path: Path, old: str, new: str
) -> None:
    other = open_package(package(changed(small_course(), "course/course.yaml", old, new), tmp_path))

    assert other.manifest.content_digest == opened.manifest.content_digest


def test_the_digest_of_a_section_covers_its_figure(opened: Package, tmp_path: Path) -> None:
    figure = "modules/01-plain-words/figures/lengths.svg"
    other = open_package(package(changed(small_course(), figure, "短い文", "短文"), tmp_path))

    before, after = (
        {section.id: section.digest for section in each.manifest.module("plain-words").sections}
        for each in (opened, other)
    )
    assert {section for section in before if before[section] != after[section]} == {"background"}


def test_the_digest_of_a_choice_changes_alone(opened: Package, tmp_path: Path) -> None:
    quiz = "quizzes/01-plain-words.yaml"
    other = open_package(package(changed(small_course(), quiz, "text: 長い文,", "text: 長い一文,"), tmp_path))

    before, after = (
        each.manifest.module("plain-words").objectives[0].questions[0].choices for each in (opened, other)
    )
    assert {choice for choice in before if before[choice] != after[choice]} == {"b"}


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip file", b"\x50\x4b\x05\x06" + bytes(18)])
def test_what_is_no_package_is_refused(data: bytes) -> None:
    assert codes_of(data) in (["package-broken"], ["package-file-missing"])


def test_a_package_cut_short_is_refused(data: bytes) -> None:
    assert codes_of(data[:-100]) == ["package-broken"]


def test_a_flipped_bit_is_found_wherever_it_is(data: bytes) -> None:
    for position in range(0, len(data), 97):
        damaged = bytearray(data)
        damaged[position] ^= 1
        try:
            opened = open_package(bytes(damaged))
        except PackageInvalid:
            continue
        # A bit that no reader looks at: what is read is still what was packed.
        assert opened.files == open_package(data).files


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "a/../../b", "a//b", "a\\b", "C:evil", "folder/", "図.svg", "a\x01b"]
)
def test_names_that_lead_elsewhere_are_refused(data: bytes, name: str) -> None:
    assert codes_of(packed(unpacked(data), (name, b"evil"))) == ["package-name"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(data: bytes) -> None:
    assert codes_of(packed(unpacked(data), ("quizzes/ask-early.json", b"{}"))) == ["package-duplicate"]


def test_an_extra_file_is_refused(data: bytes) -> None:
    assert codes_of(packed(unpacked(data), ("extra.txt", b""))) == ["package-file-extra"]


def test_an_extra_file_is_refused_even_when_it_is_listed(data: bytes) -> None:
    assert codes_of(packed(listed(unpacked(data) | {"evil.html": b""}))) == ["package-file-extra"]


@pytest.mark.parametrize("name", ["handout.pdf", "quizzes/ask-early.json", "introduction/ja.html"])
def test_a_missing_file_is_named(data: bytes, name: str) -> None:
    files = unpacked(data)
    del files[name]

    for forged in (files, listed(files)):
        [problem] = problems_of(packed(forged))
        assert (problem.code, problem.place.file) == ("package-file-missing", name)


def test_a_changed_file_is_named(data: bytes) -> None:
    files = unpacked(data) | {"handout.pdf": b"%PDF another"}

    [problem] = problems_of(packed(files))

    assert (problem.code, problem.place.file) == ("package-file-changed", "handout.pdf")


@pytest.mark.parametrize("name", ["quizzes/ask-early.json", "modules/ask-early/ja.html"])
def test_content_changed_with_its_digest_in_the_list_is_found(data: bytes, name: str) -> None:
    files = unpacked(data)
    files[name] = files[name].replace("直せません".encode(), "直せます".encode())

    found = {(problem.code, problem.place.file) for problem in problems_of(packed(listed(files)))}

    assert found == {("package-content", "course.json"), ("package-content", name)}


@pytest.mark.parametrize(
    ("key", "value"),
    [("format", 2), ("release", "one"), ("modules", []), ("surprise", 1), ("content_digest", "0" * 64)],
)
def test_a_list_that_is_wrong_is_refused(data: bytes, key: str, value: object) -> None:
    files = unpacked(data)
    files["course.json"] = canonical(json.loads(files["course.json"]) | {key: value})

    assert codes_of(packed(files))[0] in ("package-manifest", "package-content")


@pytest.mark.parametrize("module_id", ["plain-words", "introduction"])
def test_two_lessons_of_one_name_are_refused(data: bytes, module_id: str) -> None:
    files = unpacked(data)
    manifest = json.loads(files["course.json"])
    manifest["modules"][1]["id"] = module_id

    assert codes_of(packed(files | {"course.json": canonical(manifest)})) == ["package-manifest"]


@pytest.mark.parametrize("content", [b"", b"[1", b"\xff", b"[" * 100_000])
def test_a_list_that_is_no_json_is_refused(data: bytes, content: bytes) -> None:
    assert codes_of(packed(unpacked(data) | {"course.json": content})) == ["package-manifest"]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">押す</p>',
        '<img src="https://example.org/pixel.gif" alt="">',
        '<a href="javascript:alert(1)">押す</a>',
        '<form><input name="password"></form>',
        "<!-- note -->",
        "<p>開いたまま",
    ],
)
def test_html_that_our_renderer_could_not_have_made_is_refused(data: bytes, html: str) -> None:
    files = unpacked(data)
    name = "modules/ask-early/ja.html"
    files[name] = files[name].replace(b"\n</section>", f"\n{html}\n</section>".encode())

    assert "package-unsafe" in codes_of(packed(listed(files)))


@pytest.mark.parametrize("page", ["", "text", "<section>", '<section id="a">\n<p>文</p>\n</section>\ntext'])
def test_a_page_that_is_no_series_of_sections_is_refused(data: bytes, page: str) -> None:
    files = unpacked(data) | {"modules/ask-early/ja.html": page.encode()}

    assert "package-content" in codes_of(packed(listed(files)))


def test_a_figure_that_could_act_is_refused(data: bytes) -> None:
    files = unpacked(data)
    name = "assets/plain-words/lengths.svg"
    files[name] = files[name].replace(b"<title>", b"<script>alert(1)</script><title>")

    assert "package-unsafe" in codes_of(packed(listed(files)))


def test_a_quiz_that_is_none_is_refused(data: bytes) -> None:
    files = unpacked(data) | {"quizzes/ask-early.json": b"{}"}

    assert codes_of(packed(listed(files))) == ["package-content"]


def test_a_package_that_would_fill_the_memory_is_refused_before_it_is_unpacked(data: bytes) -> None:
    assert codes_of(packed(unpacked(data), ("bomb", bytes(50_000_000)))) == ["package-too-large"]


def test_a_package_of_too_many_files_is_refused(data: bytes) -> None:
    many = [(f"file-{number}", b"") for number in range(MOST_FILES + 1)]

    assert codes_of(packed(unpacked(data), *many)) == ["package-too-large"]
