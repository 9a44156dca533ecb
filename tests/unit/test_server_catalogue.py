"""Every message of the server has an English translation with the same places for values."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import server
from server.web.language import catalogue

ROOT = Path(server.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
PLACES = re.compile(r"%\((\w+)\)[sd]")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
IN_BOTH_LANGUAGES = ("日本語",)


@pytest.fixture(scope="module")
def messages() -> set[str]:
    found = extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    with (ROOT / "locale" / "en" / "LC_MESSAGES" / "server.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_the_catalogue_has_every_message_and_no_other(messages: set[str], english: dict[str, str]) -> None:
    assert sorted(english) == sorted(messages)


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
    left = [
        text for text in english.values() if JAPANESE.search(re.sub("|".join(IN_BOTH_LANGUAGES), "", text))
    ]

    assert left == []


def test_the_compiled_catalogue_is_that_of_the_source(english: dict[str, str]) -> None:
    assert {message: catalogue("en").gettext(message) for message in english} == english
