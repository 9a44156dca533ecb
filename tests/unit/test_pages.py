"""The checks that every page fetched by a test goes through do find what they look for."""

import pytest
from html5lib.html5parser import ParseError

from tests.http.pages import Answer, Page, check_page, fill

GOOD = """<!DOCTYPE html>
<html lang="ja"><head><title>題</title><link rel="stylesheet" href="/theme/kyozai.css"></head>
<body><main><h1>見出し</h1>
<form id="f" method="post"><input type="hidden" name="csrf_token" value="t">
<label for="n">番号</label><input id="n" name="n" value="1">
<fieldset><legend>問い</legend>
<label><input type="radio" name="r" value="a" checked>甲</label>
<label><input type="radio" name="r" value="b">乙</label></fieldset>
<fieldset><legend>いくつでも</legend>
<label><input type="checkbox" name="c" value="x" checked>丙</label>
<label><input type="checkbox" name="c" value="y">丁</label></fieldset>
<label>順番<select name="s"><option value="1">一</option><option value="2">二</option></select></label>
<button>送る</button></form>
<table><caption>表</caption><tr><th scope="col">列</th></tr></table>
<p><a href="#n">番号へ</a><img src="/a.svg" alt=""></p>
</main></body></html>"""


def page(html: str = GOOD) -> Page:
    return Page(Answer("http://127.0.0.1:8000/page", 200, {"Content-Type": "text/html"}, html.encode()))


def test_nothing_is_wrong_with_a_good_page() -> None:
    check_page(page())


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        (' lang="ja"', "", "lang is None"),
        ("<title>題</title>", "<title> </title>", "1 <title>, one with text is needed"),
        ("<h1>見出し</h1>", "<h2>見出し</h2>", "0 <h1>"),
        ("<h1>見出し</h1>", "<h1>見出し</h1><h1>また</h1>", "2 <h1>"),
        ("<h1>", '<h1 id="n">', "id 'n' is there twice"),
        ('for="n"', 'for="m"', "<label for='m'> names nothing"),
        ('<label for="n">番号</label>', "番号", "<input name='n'> has no label"),
        ('href="#n"', 'href="#m"', "the link #m leads nowhere"),
        ("<legend>問い</legend>", "", "a fieldset has no legend"),
        ("<button>送る</button>", "", "has no button"),
        ("<button>送る</button>", "<button></button>", "a button says nothing"),
        ('name="csrf_token"', 'name="other"', "a token is for POST"),
        (' method="post"', "", "a token is for POST"),
        ("番号へ</a>", "</a>", "says nothing"),
        (' alt=""', "", "/a.svg has no alt"),
        ("<caption>表</caption>", "", "a table has no caption"),
        (' scope="col"', "", "a head of a table has no scope"),
        ("<h1>", '<h1 style="color: red">', "<h1 style=…>"),
        ("<h1>", '<h1 onclick="alert()">', "<h1 onclick=…>"),
        ("</main>", "<script>1</script></main>", "an inline <script>"),
        ("</main>", "<style>p {}</style></main>", "an inline <style>"),
        ("/theme/kyozai.css", "https://example.org/a.css", "is not ours"),
    ],
)
def test_what_is_wrong_is_found(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    with pytest.raises(AssertionError) as found:
        check_page(page(GOOD.replace(good, bad, 1)))

    assert fault in str(found.value)


def test_invalid_html_is_found() -> None:
    with pytest.raises(ParseError, match="Unexpected end tag"):
        check_page(page(GOOD.replace("</main>", "</em></main>")))


def sent(**given: str | list[str]) -> list[tuple[str, str]]:
    form, _ = page().form("f")
    return fill(page().document, form, given)[1:]


def test_a_form_is_sent_as_it_stands() -> None:
    assert sent() == [("n", "1"), ("r", "a"), ("c", "x"), ("s", "1")]


def test_given_values_take_the_places_of_those_that_stand() -> None:
    assert sent(n="2", r="b", c=["x", "y"], s="2") == [
        ("n", "2"),
        ("r", "b"),
        ("c", "x"),
        ("c", "y"),
        ("s", "2"),
    ]


@pytest.mark.parametrize("given", [{"no": "1"}, {"r": "z"}, {"s": "9"}, {"c": ["x", "z"]}])
def test_what_the_form_does_not_offer_cannot_be_sent(given: dict[str, str | list[str]]) -> None:
    with pytest.raises(AssertionError):
        sent(**given)
