"""Two versions of a passage beside each other."""

from hypothesis import given
from hypothesis import strategies as st

from server.learning.comparing import Piece, Row, compared, passages

BEFORE = "<h2>背景</h2><p>読む人が困らないように書きます。</p><ul><li>一つ目</li><li>二つ目</li></ul>"


def marked(rows: list[Row]) -> list[tuple[str, str]]:
    """What is not common, on either side."""

    def differing(pieces: tuple[Piece, ...]) -> str:
        return "".join(piece.text for piece in pieces if not piece.is_common)

    return [(differing(row.before), differing(row.after)) for row in rows if not row.is_same]


def test_the_same_text_has_nothing_marked() -> None:
    assert marked(compared(BEFORE, BEFORE)) == []


def test_a_changed_phrase_is_marked_inside_its_passage() -> None:
    after = BEFORE.replace("書きます", "話します")

    assert marked(compared(BEFORE, after)) == [("書きます。", "話します。")]


def test_a_passage_that_came_stands_alone() -> None:
    after = BEFORE.replace("<li>二つ目</li>", "<li>二つ目</li><li>三つ目</li>")

    assert marked(compared(BEFORE, after)) == [("", "三つ目")]


def test_a_passage_that_went_stands_alone() -> None:
    assert marked(compared(BEFORE, BEFORE.replace("<li>一つ目</li>", ""))) == [("一つ目", "")]


def test_passages_with_nothing_in_common_do_not_stand_beside_each_other() -> None:
    rows = compared("<p>読む人が困らないように書きます。</p>", "<p>公開の前に、使う所を見ます。</p>")

    assert [(bool(row.before), bool(row.after)) for row in rows] == [(True, False), (False, True)]


def test_another_link_or_heading_is_no_change_of_words() -> None:
    before, after = (
        '<h2>背景</h2><p><a href="#a">読む</a>人</p>',
        '<h2>理由</h2><p><a href="#b">読む</a>人</p>',
    )

    assert marked(compared(before, after)) == []


def test_a_figure_counts_by_its_alternative_text() -> None:
    assert passages('<p>図です。<img src="a.svg" alt="短い文の図"></p>') == ["図です。（短い文の図）"]


paragraphs = st.lists(st.text("読む人が困らないように書きます。一二三", min_size=1, max_size=12), max_size=6)


@given(paragraphs, paragraphs)
def test_each_side_says_all_of_its_text_and_nothing_else(before: list[str], after: list[str]) -> None:
    def html(texts: list[str]) -> str:
        return "".join(f"<p>{text}</p>" for text in texts)

    rows = compared(html(before), html(after))

    assert ["".join(piece.text for piece in row.before) for row in rows if row.before] == before
    assert ["".join(piece.text for piece in row.after) for row in rows if row.after] == after
