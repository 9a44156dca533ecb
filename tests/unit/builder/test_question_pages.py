"""Questions as they are asked and explained: usable by keyboard and by ear, and safe."""

import re
from typing import Any

import pytest
from html5lib import HTMLParser
from jinja2 import Environment, StrictUndefined

from builder.language import translations
from builder.model.questions import Question
from builder.rendering.questions import loader
from tests.unit.builder.test_grading import QUESTIONS, ids

NAMES = sorted(QUESTIONS)
INSTRUCTIONS = {
    "single": "一つ選んでください。",
    "multiple": "当てはまるものをすべて選んでください。",
    "true-false": "正しいか誤りかを選んでください。",
    "ordering": "すべての項目に順番を選んでください。",
    "matching": "すべての項目に、合うものを一つずつ選んでください。",
}
WRONG: dict[str, Any] = {
    "single": "a",
    "multiple": ["b", "d"],
    "true-false": "true",
    "ordering": ["draft", "reader", "test"],
    "matching": {"school": "staff", "shop": "owner", "park": "parent"},
}


@pytest.fixture(scope="module", params=["ja", "en"])
def macros(request: pytest.FixtureRequest) -> Any:
    environment = Environment(
        loader=loader(), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    catalogue = translations(request.param)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return lambda name: environment.get_template(f"questions/{name}.html").module


@pytest.fixture(scope="module")
def japanese() -> Any:
    environment = Environment(loader=loader(), autoescape=True, extensions=["jinja2.ext.i18n"])
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return lambda name: environment.get_template(f"questions/{name}.html").module


def is_valid(html: str) -> bool:
    parser = HTMLParser(strict=True)
    parser.parse(f"<!doctype html><html lang=ja><head><title>題</title></head><body>{html}</body></html>")
    return True


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize("name", NAMES)
def test_both_pages_are_valid(macros: Any, name: str) -> None:
    question = QUESTIONS[name]

    assert is_valid(macros(name).ask(question.asked()))
    assert is_valid(macros(name).explain(question, WRONG[name], ids(name)))


@pytest.mark.parametrize("name", NAMES)
def test_the_legend_has_the_question_the_instruction_and_the_problem(japanese: Any, name: str) -> None:
    html = japanese(name).ask(QUESTIONS[name].asked(), None, "まだ選んでいません。")

    legend = text_of(html[html.index("<legend") : html.index("</legend>")]).split()
    assert legend == ["問い", INSTRUCTIONS[name], "エラー：まだ選んでいません。"]


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_its_label(japanese: Any, name: str) -> None:
    html = japanese(name).ask(QUESTIONS[name].asked())

    fields = re.findall(r'<(?:input|select)[^>]* id="([^"]*)"', html)
    assert fields == [f"answer-{choice}" for choice in ids(name)]
    assert re.findall(r'<label for="([^"]*)"', html) == fields


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_chosen_before_it_was(japanese: Any, name: str) -> None:
    html = japanese(name).ask(QUESTIONS[name].asked())

    assert not re.search(r" (checked|selected)", html)


def test_a_draft_comes_back_as_it_was_left(japanese: Any) -> None:
    def ask(name: str, draft: dict[str, list[str]]) -> str:
        return str(japanese(name).ask(QUESTIONS[name].asked(), draft))

    assert re.findall(r'value="(\w+)" checked', ask("single", {"answer": ["b"]})) == ["b"]
    assert re.findall(r'value="(\w+)" checked', ask("multiple", {"answer": ["a", "d"]})) == ["a", "d"]
    assert re.findall(r'value="(\w+)" selected', ask("ordering", {"answer-test": ["3"]})) == ["3"]
    assert re.findall(r'value="(\w+)" selected', ask("matching", {"answer-shop": ["owner"]})) == ["owner"]


@pytest.mark.parametrize("name", NAMES)
def test_choices_are_asked_in_the_order_given(japanese: Any, name: str) -> None:
    order = list(reversed(ids(name)))

    html = japanese(name).ask(QUESTIONS[name].asked(order))

    assert re.findall(r'<label for="answer-([^"]*)"', html) == order


@pytest.mark.parametrize("name", NAMES)
def test_the_page_that_asks_holds_neither_key_nor_explanations(japanese: Any, name: str) -> None:
    assert "解説" not in japanese(name).ask(QUESTIONS[name].asked())


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_is_explained(japanese: Any, name: str) -> None:
    html = japanese(name).explain(QUESTIONS[name], WRONG[name], ids(name))

    assert html.count('<div class="explanation" lang="ja"><p>解説</p></div>') == len(ids(name))


def marks(html: str) -> dict[str, list[str]]:
    """Choice → what is said of it, without the icons."""
    said = {}
    for item in html.split('<li class="result__choice')[1:]:
        text = re.search(r'result__text" lang="ja">(.*?)</p>', item)
        assert text is not None
        without_icons = re.sub(r'<span aria-hidden="true">.</span> ', "", item)
        said[text[1]] = re.findall(r'class="mark [^"]*">(.*?)</span>', without_icons)
    return said


def test_what_was_chosen_and_what_is_right_stand_there_in_words(japanese: Any) -> None:
    def explain(name: str) -> dict[str, list[str]]:
        return marks(str(japanese(name).explain(QUESTIONS[name], WRONG[name], ids(name))))

    assert explain("single") == {"選択肢 a": ["あなたの回答"], "選択肢 b": ["正答"], "選択肢 c": []}
    assert explain("multiple") == {
        "選択肢 a": ["正答"],
        "選択肢 b": ["あなたの回答"],
        "選択肢 c": [],
        "選択肢 d": ["あなたの回答", "正答"],
    }
    assert explain("true-false") == {"正しい": ["あなたの回答"], "誤り": ["正答"]}
    assert explain("ordering") == {
        "選択肢 reader": ["あなたの回答：2 番目", "正答：1 番目"],
        "選択肢 draft": ["あなたの回答：1 番目", "正答：2 番目"],
        "選択肢 test": ["あなたの回答：3 番目", "正答：3 番目"],
    }
    assert explain("matching") == {
        "選択肢 school": ["あなたの回答：職員", "正答：親"],
        "選択肢 shop": ["あなたの回答：店主", "正答：店主"],
        "選択肢 park": ["あなたの回答：親", "正答：親"],
    }


def with_text(question: Question, text: str) -> Question:
    return question.model_copy(update={"text": text})


@pytest.mark.parametrize("name", NAMES)
def test_markup_in_a_question_is_text(japanese: Any, name: str) -> None:
    question = with_text(QUESTIONS[name], "<script>alert(1)</script>")

    assert "<script>" not in japanese(name).ask(question.asked(), None, "<script>")
    assert "<script>" not in japanese(name).explain(question, question.key(), ids(name))


def test_a_blank_line_makes_a_paragraph(japanese: Any) -> None:
    question = with_text(QUESTIONS["single"], "前の段落\n\n後の段落\n")

    asked = japanese("single").ask(question.asked())
    assert re.findall(r'question__text" lang="ja">(.*?)</span>', asked) == ["前の段落", "後の段落"]
    explained = japanese("single").explain(question, "a", ids("single"))
    assert "<p>前の段落</p><p>後の段落</p>" in explained
