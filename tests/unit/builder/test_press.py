"""The press: what it mends in a PDF's structure, that its tests can fail, and how it sets Japanese."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from builder.press.pdf import press
from builder.press.phrases import typeset
from tests import pdf_reading
from tests.pdf_faults import faults

HEAD = '<html lang="ja"><title>題</title><link rel="stylesheet" href="theme/paper.css">'
SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
INVISIBLE = {"\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}
PAGE = """
<h1>見出し</h1>
<h2>次の見出し</h2>
<p>本文です。<a href="#end">終わりへ</a></p>
<table><caption>表</caption><tr><th scope="col">列</th><th scope="col">別の列</th></tr>
<tr><th scope="row">行</th><td>値</td></tr></table>
<img src="square.svg" alt="四角い図">
<p lang="en">This sentence is in English.</p>
<p id="end">終わりです。</p>
"""


def pressed(html: str) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(press(HEAD + html, {"square.svg": SQUARE}).pdf))


def element(pdf: pikepdf.Pdf, tag: str) -> Any:
    return next(element for element in pdf_reading.structure(pdf) if f"/{tag}" == element.S)


def test_a_page_of_all_kinds_of_things_has_no_fault() -> None:
    assert faults(pressed(PAGE)) == []


def test_heads_of_a_table_say_what_they_are_heads_of() -> None:
    pdf = pressed(PAGE)
    heads = [element for element in pdf_reading.structure(pdf) if element.S == "/TH"]

    assert [str(head.A.Scope) for head in heads] == ["/Column", "/Column", "/Row"]


def test_a_decorative_picture_is_no_part_of_the_structure() -> None:
    pdf = pressed('<h1>題</h1><p>前<img src="square.svg" alt="">後</p>')

    assert "Figure" not in pdf_reading.tags(pdf)
    assert faults(pdf) == []


def test_a_link_within_the_document_is_described_by_its_words() -> None:
    pdf = pressed(PAGE)
    (link,) = pdf.pages[0].Annots

    assert str(link.Contents) == "終わりへ"


def test_a_link_is_one_link_whatever_is_in_it() -> None:
    pdf = pressed('<h1>題</h1><p><a href="#x">前の<span>中の<span>奥の</span></span>言葉</a><p id="x">先')

    assert [str(link.Contents) for link in pdf.pages[0].Annots] == ["前の中の奥の言葉"]
    assert faults(pdf) == []


def test_the_head_of_a_page_is_an_artefact() -> None:
    pdf = pressed('<style>@page { @top-left { content: "柱" } }</style><h1>題</h1><p>文')

    assert pdf_reading.read_aloud(pdf) == ["題", "文"]
    assert pdf_reading.artefacts(pdf) == [(0, "柱")]
    assert faults(pdf) == []


# Each of these must be found, or the test of the structure holds nothing.


def without(tag: str, key: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        del element(pdf, tag)[key]

    return change


def without_scope(pdf: pikepdf.Pdf) -> None:
    del element(pdf, "TH").A["/Scope"]


def without_the_language_of_a_part(pdf: pikepdf.Pdf) -> None:
    for part in pdf_reading.structure(pdf):
        if "/Lang" in part:
            del part["/Lang"]


def without_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def with_another_heading(pdf: pikepdf.Pdf) -> None:
    element(pdf, "H2").S = pikepdf.Name("/H4")


def with_cells_in_a_list(pdf: pikepdf.Pdf) -> None:
    element(pdf, "TR").S = pikepdf.Name("/L")


def without_an_element(pdf: pikepdf.Pdf) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    del document.K[len(document.K) - 1]


def with_text_in_no_mark(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[0].Contents
    marked = rb"/Span\s<</MCID \d+>>\sBDC(.*?)EMC"
    stream.write(re.sub(marked, rb"\1", stream.read_bytes(), count=1, flags=re.DOTALL))


def with_a_link_that_says_nothing(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Annots[0]["/Contents"]


def with_a_run_that_leads_elsewhere(pdf: pikepdf.Pdf) -> None:
    owners = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
    owners[0], owners[1] = owners[1], owners[0]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (without("Figure", "/Alt"), "a figure has no alternative text"),
        (without_scope, "a head of a table has no scope"),
        (without_the_language_of_a_part, "「This sentence is in English.」 is said to be Japanese"),
        (without_language, "is in the language None"),
        (with_another_heading, "H4 follows H1"),
        (with_cells_in_a_list, "L holds ['TH']"),
        (without_an_element, "is in no element"),
        (with_text_in_no_mark, "outside of everything"),
        (with_a_link_that_says_nothing, "a link is not described"),
        (with_a_run_that_leads_elsewhere, "leads back to another's element"),
    ],
)
def test_a_fault_in_the_structure_is_found(change: Callable[[pikepdf.Pdf], None], found: str) -> None:
    pdf = pressed(PAGE)
    change(pdf)

    assert found in "\n".join(faults(pdf))


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<h2>題</h2>", "begins with headings [2]"),
        ("<h1>題</h1><table><tr><td>値</td></tr></table>", "a table has no heads"),
        ('<h1>題</h1><p>前</p><h2>後</h2><p style="break-before: page">次', "page 1 ends with H2"),
    ],
)
def test_a_fault_in_the_page_is_found(html: str, found: str) -> None:
    assert found in "\n".join(faults(pressed(html)))


@pytest.mark.parametrize(
    "address", ["https://example.org/figure.svg", "file:///etc/hostname", "assets/none.svg"]
)
def test_the_press_reaches_for_nothing_but_the_course(address: str) -> None:
    with pytest.raises(RuntimeError, match="does not have"):
        press(f'{HEAD}<p><img src="{address}" alt="図">', {})


# Phrases -------------------------------------------------------------------------------------------

SENTENCES = "一方で、求められることは、人ごとに違います〔<a>S0</a>〕。OSSは2021年から10か条です。"
TABLE = f"<p>{SENTENCES}</p><table><td>{SENTENCES}</table>"


def phrases(html: str) -> list[str]:
    found = re.findall(r'<span class="phrase">((?:<span class="[a-z ]+">.*?</span>|[^<])*)</span>', html)
    return [re.sub(r"<[^>]*>", "", phrase) for phrase in found]


@pytest.mark.parametrize("html", [SENTENCES, TABLE, "<p>A &amp; B &lt;は&gt;</p><br>"])
def test_setting_a_text_changes_none_of_it(html: str) -> None:
    def text(page: str) -> str:
        return unescape(re.sub(r"<[^>]*>", "", page))

    assert text(typeset(html)) == text(html)
    assert not INVISIBLE & {*typeset(html)}


def test_phrases_are_held_together() -> None:
    assert phrases(typeset("<p>人ごとに違い、細かく分かれてきました。</p>")) == [
        "人ごとに",
        "違い、",
        "細かく",
        "分かれてきました。",
    ]


def test_a_phrase_runs_across_a_reference_and_ends_after_it() -> None:
    assert typeset("<p>届きました〔<a>S0</a>〕。次に</p>").startswith(
        '<p><span class="phrase">届きました〔</span><a>S0</a>〕。<span'
    )


def test_a_number_and_what_it_counts_stay_together() -> None:
    assert "デジタル10か条を" in phrases(typeset("<p>デジタル10か条を仕事で使う</p>"))


def test_a_long_phrase_may_break() -> None:
    assert phrases(typeset(f"<p>{'あ' * 30}</p>")) == []


def test_latin_letters_stand_apart_from_japanese_ones_and_not_from_punctuation() -> None:
    assert '<span class="before after">OSS</span>' in typeset("<p>都のOSS公開</p>")
    assert '<span class="after">OSS</span>' in typeset("<p>「OSS公開」</p>")
    assert "class" not in typeset("<p>「OSS」</p>")


def test_titles_and_styles_are_left_alone() -> None:
    page = "<title>都のOSS公開</title><style>p::before { content: '都のOSS公開' }</style>"

    assert typeset(page) == page
