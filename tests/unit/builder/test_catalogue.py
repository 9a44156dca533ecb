"""Every message of the builder has an English translation with the same places for values."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import builder
from builder.language import translations

ROOT = Path(builder.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "N_": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
PLACES = re.compile(r"%\((\w+)\)([sd])")


def messages() -> Iterator[str]:
    for _, _, message, _, _ in extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS):
        assert isinstance(message, str)
        yield message


MESSAGES = sorted(set(messages()))


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    with (ROOT / "locale" / "en" / "LC_MESSAGES" / "builder.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_the_catalogue_has_every_message_and_no_other(english: dict[str, str]) -> None:
    assert sorted(english) == MESSAGES


def test_every_message_is_translated(english: dict[str, str]) -> None:
    assert [message for message, translated in english.items() if not translated.strip()] == []


def test_translations_have_the_same_places(english: dict[str, str]) -> None:
    differing = [
        message
        for message, translated in english.items()
        if set(PLACES.findall(message)) != set(PLACES.findall(translated))
    ]

    assert differing == []


def test_translations_are_english(english: dict[str, str]) -> None:
    """But for the two words that stand on the screen in Japanese whatever the language."""
    japanese = re.compile(r"[ぁ-んァ-ヶ一-龠]")
    kept = ("正しい", "誤り", "：")
    left = [
        translated
        for translated in english.values()
        if japanese.search(re.sub("|".join(kept), "", translated))
    ]

    assert left == []


def test_the_compiled_catalogue_is_that_of_the_source(english: dict[str, str]) -> None:
    compiled = translations("en")

    assert {message: compiled.gettext(message) for message in english} == english
