"""Names sort by their reading, however its kana were typed."""

import unicodedata

KATAKANA = range(ord("ァ"), ord("ヶ") + 1)
TO_HIRAGANA = {code: code - ord("ァ") + ord("ぁ") for code in KATAKANA}


def hiragana(reading: str) -> str:
    """Half-width and full-width katakana become hiragana; full-width blanks and letters, plain ones."""
    return unicodedata.normalize("NFKC", reading).translate(TO_HIRAGANA)
