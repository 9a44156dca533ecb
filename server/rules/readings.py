"""Names sort by their reading, and are found by it, however its kana were typed."""

import unicodedata

KATAKANA = range(ord("ァ"), ord("ヶ") + 1)
TO_HIRAGANA = {code: code - ord("ァ") + ord("ぁ") for code in KATAKANA}


def hiragana(reading: str) -> str:
    """Half-width and full-width katakana become hiragana; full-width blanks and letters, plain ones."""
    return unicodedata.normalize("NFKC", reading).translate(TO_HIRAGANA)


def sort_key(reading: str, number: str) -> bytes:
    """By reading, then number. Bytes, because databases sort kana each in their own way."""
    return f"{hiragana(reading)}\0{number}".encode()


def is_found(search: str, number: str, name: str, reading: str) -> bool:
    """Whether the number begins with the words, or name or reading hold them.

    Kana, width, case and blanks make no difference, nor noughts in front that a spreadsheet took away.
    """
    wanted, known = _compared(search), _compared(number)
    return (
        known.startswith(wanted)
        or known.lstrip("0").startswith(wanted)
        or any(wanted in _compared(text) for text in (name, reading))
    )


def _compared(text: str) -> str:
    return "".join(hiragana(text).casefold().split())
