"""Japanese first, English beside it: messages are written in Japanese and translated by gettext."""

import gettext
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")


def N_(message: str) -> str:
    """Mark a message for the catalogue without translating it yet."""
    return message


@cache
def translations(
    language: Language, domain: str = "builder", folder: Path | None = None
) -> gettext.NullTranslations:
    """The catalogue of a language. Japanese is the language of the messages themselves.

    Raises FileNotFoundError when the English catalogue was not compiled (`make env` does it).
    """
    if language == "ja":
        return gettext.NullTranslations()
    return gettext.translation(domain, folder or Path(__file__).parent / "locale", [language])
