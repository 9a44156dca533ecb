"""Every message has an English translation with the same places for values, in builder and server."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import builder
import server
from builder.language import Language, translations
from server.web.language import catalogue

KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
PLACES = re.compile(r"%\((\w+)\)[sd]")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


@dataclass
class Catalogue:
    """`kept`: words that stand on the screen in Japanese whatever the language."""

    root: Path
    compiled: Callable[[Language], NullTranslations]
    kept: str
    messages: set[str] = field(init=False)
    english: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        found = extract_from_dir(str(self.root), METHODS, keywords=KEYWORDS)
        self.messages = {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}
        source = self.root / "locale" / "en" / "LC_MESSAGES" / f"{self.root.name}.po"
        with source.open("rb") as file:
            self.english = {str(message.id): str(message.string) for message in read_po(file) if message.id}


@pytest.fixture(scope="module", params=["builder", "server"])
def messages(request: pytest.FixtureRequest) -> Catalogue:
    if request.param == "builder":
        return Catalogue(Path(builder.__file__).parent, translations, "正しい|誤り")
    return Catalogue(Path(server.__file__).parent, catalogue, "日本語")


def test_the_catalogue_has_every_message_and_no_other(messages: Catalogue) -> None:
    assert sorted(messages.english) == sorted(messages.messages)


def test_every_message_is_translated(messages: Catalogue) -> None:
    assert [message for message, english in messages.english.items() if not english.strip()] == []


def test_translations_have_the_same_places(messages: Catalogue) -> None:
    pairs = messages.english.items()
    assert [
        message for message, english in pairs if set(PLACES.findall(message)) != set(PLACES.findall(english))
    ] == []


def test_translations_are_english(messages: Catalogue) -> None:
    texts = messages.english.values()
    assert [text for text in texts if JAPANESE.search(re.sub(messages.kept, "", text))] == []


def test_the_compiled_catalogue_is_that_of_the_source(messages: Catalogue) -> None:
    compiled = messages.compiled("en")
    assert {message: compiled.gettext(message) for message in messages.english} == messages.english
