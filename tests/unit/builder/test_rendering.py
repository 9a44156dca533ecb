"""Lessons become HTML in which nothing can act and every link leads where the author meant."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.course import Section
from builder.rendering.figures import Figure
from builder.rendering.links import cited, relink
from builder.rendering.sanitizing import is_clean_section
from builder.rendering.sections import Surroundings, render_section
from tests.builders.course import changed, rendered, small_course

PAGES = {
    "course/introduction.md": "introduction",
    "modules/01-plain-words/lesson.md": "plain-words",
    "modules/02-ask-early/lesson.md": "ask-early",
}


def html_of(markdown: str, **section: object) -> str:
    around = Surroundings(
        "modules/01-plain-words/lesson.md", "plain-words", PAGES, lambda href: Figure(200, 100, ())
    )
    given = {"id": "background", "title": "背景", "basis": None, "sources": (), "line": 1} | section
    return render_section(Section(markdown=markdown, **given), around)  # type: ignore[arg-type]


def body_of(markdown: str) -> str:
    return html_of(markdown).removeprefix("<h2>背景</h2>\n")


HOSTILE = {
    "a script": "前<script>alert(1)</script>後",
    "a block of script": "<script>\nalert(1)\n</script>",
    "a script in upper case": "<SCRIPT>alert(1)</SCRIPT>",
    "a script in an SVG": "<svg><script>alert(1)</script></svg>",
    "a handler": '<p onclick="alert(1)">押す</p>',
    "a handler on an image": '<img src="x" onerror="alert(1)">',
    "a javascript link": "[押す](javascript:alert(1))",
    "a javascript link in HTML": '<a href="javascript:alert(1)">押す</a>',
    "a javascript link in disguise": '<a href="java&#x0A;script:alert(1)">押す</a>',
    "a data link": "[押す](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "a data image": "![図](data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=)",
    "an image from elsewhere": '<img src="https://example.org/pixel.gif">',
    "a comment": "前 <!-- alert(1) --> 後",
    "a comment that never ends": "<!-- alert(1)",
    "a style sheet": "<style>body { display: none } alert(1)</style>",
    "a style": '<p style="position:fixed">alert</p>',
    "a class of ours": '<p class="basis" data-basis="official">公開資料にもとづく</p>',
    "an id": '<p id="source-S1">alert</p>',
    "a frame": '<iframe src="https://example.org/"></iframe>',
    "an object": '<object data="https://example.org/"></object>',
    "a form": '<form action="https://example.org/"><input name="password"><button>送る</button></form>',
    "another base": '<base href="https://example.org/">',
    "a redirect": '<meta http-equiv="refresh" content="0;url=https://example.org/">',
    "a section of its own": '</section><section id="do-not">alert</section>',
    "a link that is not https": '<a href="http://example.org/">alert</a>',
    "a link without a scheme": '<a href="//example.org/">alert</a>',
    "a link into the server": '<a href="/admin">alert</a>',
    "a tag that never ends": "<a href='https://example.org/' onmouseover='alert(1)'",
}
TRACES = (
    "<script",
    "onclick",
    "onerror",
    'href="javascript',
    'href="data',
    'src="data',
    "<!--",
    "style",
    'class="basis"',
    "id=",
    "<iframe",
    "<object",
    "<form",
    "<input",
    "<base",
    "<meta",
    "<section",
    "</section",
    'src="http',
    'href="http:',
    'href="/',
    "<a href='",
)


@pytest.mark.parametrize("markdown", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_hostile_is_left(markdown: str) -> None:
    html = body_of(markdown)

    assert [trace for trace in TRACES if trace in html.lower()] == []
    assert is_clean_section(html)


PIECES = st.sampled_from(
    [
        *HOSTILE.values(),
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "<a href='#a'>",
        "</a>",
        "<ul>",
        "<li>",
        "<sub>",
        "<br>",
        "<pre>",
        "\n\n",
        "\n",
        "| a |\n|---|\n| b |\n",
        "- ",
        "> ",
        "# ",
        "&lt;",
        "]]>",
        "<!",
        "<![CDATA[",
        "<math>",
        "<template>",
        "<select>",
        "<h2>",
        "<noscript>",
        "<textarea>",
        "<title>",
        "図",
    ]
)


@given(st.lists(PIECES | st.text(max_size=20), max_size=12))
def test_whatever_an_author_pastes_a_package_accepts_what_is_left(pieces: list[str]) -> None:
    html = html_of("".join(pieces), basis="course", id="first-action")

    assert is_clean_section(html)


def test_a_title_is_text_whatever_it_looks_like() -> None:
    assert html_of("文", title="<b>背景</b> & 例").startswith("<h2>&lt;b&gt;背景&lt;/b&gt; &amp; 例</h2>")


def test_an_official_section_names_its_sources() -> None:
    html = html_of("文", basis="official", sources=("S0", "S20"))

    assert (
        '<p class="basis" data-basis="official">公開資料にもとづく'
        '（<a href="#source-S0">資料S0</a>、<a href="#source-S20">資料S20</a>）</p>' in html
    )


def test_a_section_of_our_own_says_so() -> None:
    assert '<p class="basis" data-basis="course">このコースの解説</p>' in html_of("文", basis="course")


def test_the_first_action_ends_with_a_line_to_write_on() -> None:
    assert html_of("文", id="first-action").endswith('<p class="writing-line">わたしの最初の一歩</p>')


def test_a_figure_has_its_text_its_size_and_its_caption() -> None:
    assert body_of('![二つの "文"](figures/lengths.svg "長さ")') == (
        '<figure><img src="../../assets/plain-words/lengths.svg" alt="二つの &quot;文&quot;" '
        'width="200" height="100"><figcaption>長さ</figcaption></figure>'
    )


def test_a_table_is_named_by_the_heading_above_it() -> None:
    table = "| 前 | 後 |\n|---|---|\n| あ | い |"

    assert "<caption>背景</caption>" in body_of(table)
    assert "<caption>例 1</caption>" in body_of(f"### 例 `1`\n\n{table}")


def test_the_headings_of_a_table_belong_to_their_columns() -> None:
    assert '<th scope="col">前</th>' in body_of("| 前 | 後 |\n|---|---|\n| あ | い |")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("../02-ask-early/lesson.md#background", "../ask-early/ja.html#background"),
        ("../02-ask-early/lesson.md", "../ask-early/ja.html"),
        ("../../course/introduction.md#guideline", "../../introduction/ja.html#guideline"),
        ("#do-not", "#do-not"),
        ("lesson.md#do-not", "#do-not"),
        ("https://example.org/?a=1&b=2", "https://example.org/?a=1&amp;b=2"),
    ],
)
def test_links_are_pointed_at_the_pages_of_the_package(written: str, address: str) -> None:
    assert body_of(f"[先]({written})") == f'<p><a href="{address}">先</a></p>'


@pytest.mark.parametrize("written", ["../03-none/lesson.md", "http://example.org/", "/etc/passwd", ""])
def test_a_link_that_leads_nowhere_is_text(written: str) -> None:
    assert body_of(f"[先]({written})") == "<p><a>先</a></p>"


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("〔S1〕", '〔<a href="#source-S1">資料S1</a>〕'),
        ("〔S1、S20a〕", '〔<a href="#source-S1">資料S1</a>、<a href="#source-S20a">資料S20a</a>〕'),
        ("〔注〕", "〔注〕"),
        ("`〔S1〕`", "<code>〔S1〕</code>"),
    ],
)
def test_references_lead_to_the_list_of_sources(written: str, html: str) -> None:
    assert body_of(written) == f"<p>{html}</p>"


def test_only_the_first_reference_to_a_source_is_a_link() -> None:
    assert body_of("前〔S1〕。\n\n後〔S1、S2〕。") == (
        '<p>前〔<a href="#source-S1">資料S1</a>〕。</p>\n<p>後〔S1、<a href="#source-S2">資料S2</a>〕。</p>'
    )


def test_a_source_named_at_the_head_of_a_section_is_not_linked_again_in_its_text() -> None:
    assert "<p>文〔S0〕。</p>" in html_of("文〔S0〕。", basis="official", sources=("S0",))


def test_a_reference_within_a_link_is_none() -> None:
    assert body_of("[先〔S1〕](#do-not)") == '<p><a href="#do-not">先〔S1〕</a></p>'


def test_a_page_that_shows_a_course_points_its_links_at_its_own_addresses(tmp_path: Path) -> None:
    course = rendered(small_course(), tmp_path)
    pages = [
        relink(
            section.html,
            module_url=lambda module, section: f"/m/{module}/{section}",
            introduction_url=lambda section: f"/introduction/{section}",
            asset_url=lambda module, name: f"/figures/{module}/{name}",
            glossary_url="/glossary",
        )
        for sections in course.modules.values()
        for section in sections
    ]

    assert 'href="/m/ask-early/background"' in pages[0]
    assert 'src="/figures/plain-words/lengths.svg"' in pages[0]
    assert 'href="#source-S1"' in pages[0]
    assert 'href="/introduction/guideline"' in pages[-1]


@pytest.mark.parametrize("link", ["../../course/glossary.yaml", "../../course/glossary.yaml#共創"])
def test_a_marked_term_leads_to_the_page_of_the_glossary(link: str) -> None:
    html = body_of(f"[共創]({link})です。")

    assert html == '<p><a href="../../glossary">共創</a>です。</p>'
    relinked = relink(html, lambda *_: "", lambda *_: "", lambda *_: "", "/glossary/")
    assert relinked == '<p><a href="/glossary/">共創</a>です。</p>'


def test_only_links_are_pointed_elsewhere() -> None:
    html = body_of('`href="../ask-early/ja.html"` と [先](../02-ask-early/lesson.md)')

    relinked = relink(html, lambda *_: "/there", lambda *_: "", lambda *_: "", "")

    assert relinked == '<p><code>href="../ask-early/ja.html"</code> と <a href="/there">先</a></p>'


def test_the_cited_sources_come_in_the_order_of_the_list(tmp_path: Path) -> None:
    files = changed(
        small_course(), "modules/02-ask-early/lesson.md", "直せません。", "直せません〔S1〕〔S0〕。"
    )
    course = rendered(files, tmp_path)

    sources = cited([section.html for section in course.modules["ask-early"]], course.course.file.sources)

    assert [source.number for source in sources] == ["S0", "S1"]
