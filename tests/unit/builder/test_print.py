"""The PDFs: readable by ear, complete on paper, the same bytes every time, and nothing from elsewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from builder.cache import Cache
from builder.checks import check_folder
from builder.commands.options import as_text
from builder.language import LANGUAGES
from builder.making import print_pdfs
from builder.model.package import Manifest
from builder.model.problem import Problem
from builder.package.writing import content_files, describe
from builder.press.pdf import Printed, press
from builder.print import PrintFailed
from builder.print.handout import handout
from builder.print.proof import proofread
from builder.print.summary import summary
from builder.rendering.course import render_course
from tests import pdf_reading
from tests.builders.course import FIGURE, rendered, small_course, write
from tests.golden_cases import Case, cases
from tests.pdf_faults import faults

HEAD = '<html lang="ja"><link rel="stylesheet" href="theme/paper.css"><title>題</title>'
BLOCK_END = re.compile(r"</(?:p|li|caption|td|th|h\d|figcaption)>")
PROBLEMS = list(cases("print"))

PRINT = """
import sys
from pathlib import Path
from builder.checks import check_folder
from builder.print.handout import handout
from builder.print.summary import summary
from builder.rendering.course import render_course

root = Path(sys.argv[1])
course, _ = check_folder(root)
rendered = render_course(course, root)
sys.stdout.buffer.write(handout(rendered).pdf + summary(rendered).pdf)
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    """What is made of the small course."""
    course = rendered(small_course(), tmp_path_factory.mktemp("course"))
    return {"handout": handout(course), "summary": summary(course)}


@pytest.fixture(scope="module")
def paper(printed: dict[str, Printed]) -> pikepdf.Pdf:
    """The handout."""
    return opened(printed["handout"])


@pytest.fixture(scope="module")
def one_page(printed: dict[str, Printed]) -> pikepdf.Pdf:
    """The summary."""
    return opened(printed["summary"])


def opened(printed: Printed) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(printed.pdf))


def pressed(html: str, assets: dict[str, bytes] | None = None) -> pikepdf.Pdf:
    return opened(press(HEAD + html, assets or {}))


def test_the_handout_says_what_it_is(paper: pikepdf.Pdf) -> None:
    assert paper.Root.MarkInfo.Marked
    assert paper.Root.Lang == "ja"
    assert paper.Root.ViewerPreferences.DisplayDocTitle
    assert paper.docinfo.Title == "小さなコース"
    assert b"pdfuaid:part" in paper.Root.Metadata.read_bytes()


def test_its_dates_are_those_of_the_release(paper: pikepdf.Pdf) -> None:
    assert paper.docinfo.CreationDate == paper.docinfo.ModDate == "D:20261201"


def test_headings_lists_tables_and_figures_are_what_they_look_like(paper: pikepdf.Pdf) -> None:
    tags = pdf_reading.tags(paper)

    chapters = ["introduction", "plain words", "ask early", "glossary", "sources"]
    assert tags.count("H1") == len(["title", "contents", *chapters])
    assert tags.count("H2") == 5 + len(["sources of plain words", "its plan", "the plan of ask early"])
    assert {"L", "LI", "Table", "TH", "TD", "Figure", "Link"} <= set(tags)


@pytest.mark.parametrize("name", ["paper", "one_page"])
def test_nothing_in_the_structure_keeps_it_from_being_read(name: str, request: pytest.FixtureRequest) -> None:
    assert faults(request.getfixturevalue(name)) == []


def test_a_figure_is_described(paper: pikepdf.Pdf) -> None:
    figures = [element for element in pdf_reading.structure(paper) if element.S == "/Figure"]

    assert [str(figure.Alt) for figure in figures] == ["短い文と長い文を比べる図。"]


def test_only_running_titles_and_page_numbers_are_for_the_eye_alone(paper: pikepdf.Pdf) -> None:
    unread = {text for _, text in pdf_reading.artefacts(paper)}

    chapters = {"目次", "はじめに", "1　やさしい言葉で書こう", "2　早く聞こう", "用語集", "出典"}
    numbers = {f"{page} / {len(paper.pages)}" for page in range(2, len(paper.pages) + 1)}
    assert unread == {"小さなコース", "版 1.0.0（2026年12月1日）", "メモ"} | chapters | numbers


def test_each_page_says_its_number_once(paper: pikepdf.Pdf) -> None:
    numbered = [(page, text) for page, text in pdf_reading.artefacts(paper) if " / " in text]

    assert numbered == [(page, f"{page + 1} / {len(paper.pages)}") for page in range(1, len(paper.pages))]


def test_the_order_of_reading_is_that_of_the_course(paper: pikepdf.Pdf) -> None:
    aloud = "".join(pdf_reading.read_aloud(paper))
    order = [
        "これは試すための",
        "目次",
        "この指針は何か",
        "第1条",
        "背景",
        "文の長さ",
        "やってほしくないこと",
    ]
    order += [
        "最初の一歩このコースの解説もし次に",
        "このレッスンの出典",
        "わたしの最初の一歩「やさしい",
        "第2条",
        "用語集共創",
        "出典S0",
    ]

    position = 0
    for said in order:
        position = aloud.find(said, position + 1)
        assert position > 0, said


def test_the_text_is_the_lessons_own_sentences(paper: pikepdf.Pdf, tmp_path: Path) -> None:
    aloud = "".join(pdf_reading.read_aloud(paper))
    course = rendered(small_course(), tmp_path)
    html = "".join(section.html for sections in course.modules.values() for section in sections)
    own = [unescape(re.sub(r"<[^>]*>", "", block)).strip() for block in BLOCK_END.split(html)]

    sentences = [text for text in own if text and text != "わたしの最初の一歩"]
    assert len(sentences) > 10
    assert [text for text in sentences if text not in aloud] == []


def test_the_english_of_the_glossary_is_said_to_be_english(paper: pikepdf.Pdf) -> None:
    text = pdf_reading.runs(paper)
    english = "".join(
        text[run] for language, run in pdf_reading.runs_with_language(paper) if language == "en"
    )

    assert english == "co-creation"


def test_bookmarks_lead_to_modules_and_sections(paper: pikepdf.Pdf, printed: dict[str, Printed]) -> None:
    with paper.open_outline() as outline:
        found = {item.title: [child.title for child in item.children] for item in outline.root}

    assert list(found) == [
        "小さなコース",
        "目次",
        "はじめに",
        "1　やさしい言葉で書こう",
        "2　早く聞こう",
        "用語集",
        "出典",
    ]
    sections = ["背景", "やってほしくないこと", "最初の一歩", "わたしの最初の一歩"]
    assert found["1　やさしい言葉で書こう"] == sections
    flat = [title for item, children in found.items() for title in (item, *children)]
    assert list(printed["handout"].outline) == flat


@pytest.mark.parametrize("name", ["handout", "summary"])
def test_what_the_proof_reads_is_what_the_pdf_says(name: str, printed: dict[str, Printed]) -> None:
    pdf = opened(printed[name])

    assert printed[name].title == pdf.docinfo.Title
    sentences = [said for said in pdf_reading.read_aloud(pdf) if said not in FIGURE]
    assert len(sentences) > 10
    assert all("".join(said.split()) in printed[name].text for said in sentences)


def test_only_our_fonts_are_used_and_they_are_embedded(paper: pikepdf.Pdf) -> None:
    fonts = pdf_reading.fonts(paper)

    assert {name.partition("+")[2] for name in fonts} == {"Kyozai-Sans-JP", "Kyozai-Sans-JP-Bold"}
    assert all("/FontFile3" in font.DescendantFonts[0].FontDescriptor for font in fonts.values())


@pytest.mark.parametrize(
    "said",
    [
        "版 1.0.0（2026年12月1日）",
        "モジュールの版 1.0.0",
        "小さな指針（Ver1.0.0）",
        "これは試すためのコースです。",
        "第1条　やさしい言葉（指針 Ver1.0.0）",
        "読む人の言葉で書く。",
        "公開資料にもとづく（資料S0、資料S1）",
        "このコースの解説",
        "してほしくないこと",
        "読む人の言葉に直す",
        "わたしの最初の一歩",
        "共創一緒に作ることです。co-creation",
        "S1指針の本文 https://example.org/text",
        "もし、きっかけになる場面",
        "4週間後のふり返り",
    ],
)
def test_the_handout_has_it_all_as_text(paper: pikepdf.Pdf, said: str) -> None:
    assert said in "".join(pdf_reading.read_aloud(paper))


def test_the_contents_name_the_page_of_every_chapter(paper: pikepdf.Pdf) -> None:
    structure = pdf_reading.structure(paper)
    contents = next(element for element in structure if element.S == "/L")
    links = [pdf_reading.text_of(paper, part) for part in pdf_reading.elements(contents) if part.S == "/Link"]
    pages = {page.objgen: str(number) for number, page in enumerate(paper.pages, 1)}
    headings = [
        pdf_reading.text_of(paper, element) + pages[element.Pg.objgen]
        for element in structure
        if element.S == "/H1"
    ]

    assert links == headings[2:]
    assert len(links) == 5


def test_links_between_lessons_stay_in_the_handout(paper: pikepdf.Pdf) -> None:
    links = [link for page in paper.pages for link in page.get("/Annots", [])]
    outside = {str(link.A.URI) for link in links if "/A" in link}
    inside = {str(link.Dest) for link in links if "/Dest" in link}

    assert outside == {"https://example.org/text"}
    assert {"lesson-plain-words--background", "lesson-ask-early--background", "source-S0"} <= inside


def test_the_same_course_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "あちら"
    settings = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C"},
    ]
    printed = [
        subprocess.run(
            [sys.executable, "-c", PRINT, str(write(small_course(), folder))],
            env={**os.environ, **environment, "PYTHONPATH": os.getcwd(), "PYTHONUTF8": "1"},
            cwd=folder.parent,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for folder, environment in zip((here, there), settings, strict=True)
    ]

    assert printed[0].startswith(b"%PDF-1.7")
    assert printed[0] == printed[1]


def test_a_figure_cannot_bring_a_font_of_the_machine_with_it(tmp_path: Path) -> None:
    figure = FIGURE.replace("<text ", '<text font-family="DejaVu Serif" ')
    course = {**small_course(), "modules/01-plain-words/figures/lengths.svg": figure}

    paper = opened(handout(rendered(course, tmp_path)))

    assert {name.partition("+")[2] for name in pdf_reading.fonts(paper)} == {
        "Kyozai-Sans-JP",
        "Kyozai-Sans-JP-Bold",
    }


def test_the_summary_is_one_page_with_number_title_and_point(one_page: pikepdf.Pdf) -> None:
    assert len(one_page.pages) == 1
    assert one_page.docinfo.Title == "小さなコース　一枚のまとめ"
    aloud = "".join(pdf_reading.read_aloud(one_page))
    assert "1やさしい言葉で書こう読む人の言葉で書く。2早く聞こう作る前に聞く。" in aloud


@pytest.mark.parametrize("case", PROBLEMS, ids=[case.title for case in PROBLEMS])
def test_what_an_author_reads(case: Case, printed: dict[str, Printed], tmp_path: Path) -> None:
    if case.file.stem == "problems":
        problems = printing(case, tmp_path)
    else:
        problems = comparing(case, printed, tmp_path)

    for language in LANGUAGES:
        case.hold(language, "".join(f"{as_text(problem, language)}\n" for problem in problems))


def printing(case: Case, folder: Path) -> list[Problem]:
    course, problems = check_folder(write(case.course(), folder))
    assert course is not None, problems
    rendered = render_course(course, folder)
    manifest = describe(rendered, content_files(rendered))
    with pytest.raises(PrintFailed) as failed:
        print_pdfs(rendered, manifest, Cache(folder))
    return failed.value.problems


def comparing(case: Case, printed: dict[str, Printed], folder: Path) -> list[Problem]:
    """The PDFs of the small course beside pages that show something else."""
    course = rendered(small_course(), folder)
    manifest = DIFFERENT[case.title](describe(course, content_files(course)))
    problems = []
    for name, pdf in printed.items():
        try:
            proofread(name, pdf, course.course, manifest)
        except PrintFailed as failed:
            problems += failed.problems
    return problems


def with_module(manifest: Manifest, **update: str) -> Manifest:
    first, *others = manifest.modules
    return manifest.model_copy(update={"modules": (first.model_copy(update=update), *others)})


DIFFERENT: dict[str, Callable[[Manifest], Manifest]] = {
    "Another title": lambda shown: with_module(shown, title="むずかしい言葉で書こう"),
    "Another point": lambda shown: with_module(shown, point="早く書く。"),
    "Another module version": lambda shown: with_module(shown, version="1.0.1"),
    "Another release": lambda shown: shown.model_copy(update={"release": "1.1.0"}),
    "Another guideline version": lambda shown: shown.model_copy(
        update={"guideline": shown.guideline.model_copy(update={"version": "1.1.0"})}
    ),
}


def test_pages_and_paper_of_one_course_agree(printed: dict[str, Printed], tmp_path: Path) -> None:
    course = rendered(small_course(), tmp_path)
    manifest = describe(course, content_files(course))

    for name, pdf in printed.items():
        assert proofread(name, pdf, course.course, manifest) == pdf.pdf
