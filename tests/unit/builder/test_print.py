"""The PDFs: readable by ear, complete on paper, the same bytes every time, and nothing from elsewhere."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from builder.language import LANGUAGES
from builder.model.problem import Place
from builder.print import PrintFailed
from builder.print.handout import handout
from builder.print.press import press
from builder.print.summary import summary
from tests import pdf_reading
from tests.builders.course import FIGURE, changed, rendered, small_course, write

LESSON = "modules/01-plain-words/lesson.md"
PARTS = {
    "L": {"LI", "L", "Caption"},
    "LI": {"Lbl", "LBody"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
}
"""What the standard for accessible PDFs lets a list or a table hold."""

HEAD = '<html lang="ja"><link rel="stylesheet" href="theme/print.css">'

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
sys.stdout.buffer.write(handout(rendered) + summary(rendered))
"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> pikepdf.Pdf:
    """The handout of the small course."""
    return pikepdf.open(BytesIO(handout(rendered(small_course(), tmp_path_factory.mktemp("course")))))


@pytest.fixture(scope="module")
def one_page(tmp_path_factory: pytest.TempPathFactory) -> pikepdf.Pdf:
    """Its summary."""
    return pikepdf.open(BytesIO(summary(rendered(small_course(), tmp_path_factory.mktemp("course")))))


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
    assert tags.count("H2") == 5
    assert {"L", "LI", "Table", "TH", "TD", "Figure", "Link"} <= set(tags)


@pytest.mark.parametrize("name", ["paper", "one_page"])
def test_lists_and_tables_hold_only_their_own_parts(name: str, request: pytest.FixtureRequest) -> None:
    for element in pdf_reading.structure(request.getfixturevalue(name)):
        parts = {
            str(kid.S)[1:] for kid in pdf_reading.kids(element) if not isinstance(kid, int) and "/S" in kid
        }
        assert parts <= PARTS.get(str(element.S)[1:], parts)


def test_a_figure_is_described(paper: pikepdf.Pdf) -> None:
    figures = [element for element in pdf_reading.structure(paper) if element.S == "/Figure"]

    assert [str(figure.Alt) for figure in figures] == ["短い文と長い文を比べる図。"]


def test_everything_but_the_running_titles_and_page_numbers_is_read_aloud(paper: pikepdf.Pdf) -> None:
    tagged = set(pdf_reading.tagged_runs(paper))
    unread = {text for run, text in pdf_reading.runs(paper).items() if run not in tagged}

    chapters = {"小さなコース", "はじめに", "1　やさしい言葉で書こう", "2　早く聞こう", "用語集", "出典"}
    numbers = {f"{page} / {len(paper.pages)}" for page in range(2, len(paper.pages) + 1)}
    assert numbers <= unread <= numbers | chapters


def test_only_our_fonts_are_used_and_they_are_embedded(paper: pikepdf.Pdf) -> None:
    fonts = pdf_reading.fonts(paper)

    assert {name.partition("+")[2] for name in fonts} == {"Kyozai-Sans-JP", "Kyozai-Sans-JP-Bold"}
    assert all("/FontFile3" in font.DescendantFonts[0].FontDescriptor for font in fonts.values())


@pytest.mark.parametrize(
    "said",
    [
        "版1.0.0",
        "2026年12月1日",
        "小さな指針（Ver1.0.0）",
        "これは試すためのコースです。",
        "第1条　やさしい言葉（指針 Ver1.0.0）",
        "読む人の言葉で書く。",
        "公開資料にもとづく（S0、S1）",
        "このコースの解説",
        "してほしくないこと",
        "読む人の言葉に直す",
        "わたしの最初の一歩",
        "共創一緒に作ることです。co-creation",
        "S1　指針の本文 https://example.org/text",
    ],
)
def test_the_handout_has_it_all_as_text(paper: pikepdf.Pdf, said: str) -> None:
    assert said in "".join(pdf_reading.read_aloud(paper))


def test_the_contents_name_the_page_of_every_chapter(paper: pikepdf.Pdf) -> None:
    aloud = pdf_reading.read_aloud(paper)
    begin = aloud.index("目次") + 1
    contents = aloud[begin : begin + 10]
    headings = {
        (text, str(page + 1)) for (page, _), text in pdf_reading.runs(paper).items() if text in contents[::2]
    }

    assert set(zip(contents[::2], contents[1::2], strict=True)) <= headings
    assert contents[::2] == ["はじめに", "1　やさしい言葉で書こう", "2　早く聞こう", "用語集", "出典"]


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

    paper = pikepdf.open(BytesIO(handout(rendered(course, tmp_path))))

    assert {name.partition("+")[2] for name in pdf_reading.fonts(paper)} == {
        "Kyozai-Sans-JP",
        "Kyozai-Sans-JP-Bold",
    }


def test_a_character_without_a_glyph_is_named_with_its_place(tmp_path: Path) -> None:
    course = changed(small_course(), LESSON, "読む人が困らない", "読む人が😀困らない")

    with pytest.raises(PrintFailed) as failed:
        handout(rendered(course, tmp_path))

    (problem,) = failed.value.problems
    assert (problem.code, problem.place) == ("print-character", Place(LESSON, 12))
    assert "U+1F600" in problem.cause("ja")
    assert all(problem.cause(language) and problem.hint(language) for language in LANGUAGES)


def test_the_summary_is_one_page_with_number_title_and_point(one_page: pikepdf.Pdf) -> None:
    assert len(one_page.pages) == 1
    assert one_page.docinfo.Title == "小さなコース　一枚のまとめ"
    aloud = "".join(pdf_reading.read_aloud(one_page))
    assert "1やさしい言葉で書こう読む人の言葉で書く。2早く聞こう作る前に聞く。" in aloud


def test_a_summary_that_runs_over_is_refused_and_the_longest_point_named(tmp_path: Path) -> None:
    course = changed(
        small_course(), LESSON, "point: 読む人の言葉で書く。", f"point: {'読む人の言葉で書く。' * 150}"
    )

    with pytest.raises(PrintFailed) as failed:
        summary(rendered(course, tmp_path))

    (problem,) = failed.value.problems
    assert (problem.code, problem.place) == ("summary-too-long", Place(LESSON))
    assert problem.values == {"pages": 3, "length": 1500}
    assert all(problem.cause(language) and problem.hint(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    "address", ["https://example.org/figure.svg", "file:///etc/hostname", "assets/none.svg"]
)
def test_the_press_reaches_for_nothing_but_the_course(address: str) -> None:
    with pytest.raises(RuntimeError, match="does not have"):
        press(f'{HEAD}<p><img src="{address}" alt="図">', {})
