"""People are found where their reading is looked for."""

import pytest

from server.rules.readings import hiragana


@pytest.mark.parametrize(
    ("reading", "plain"),
    [
        ("オウミ ハル", "おうみ はる"),
        ("ｵｳﾐ ﾊﾙ", "おうみ はる"),
        ("おうみ　はる", "おうみ はる"),
        ("ｶﾞﾝﾊﾞ ヴェラ", "がんば ゔぇら"),
        ("ジョーンズ", "じょーんず"),
        ("Ａｎｎ", "Ann"),
    ],
)
def test_kana_count_the_same_however_they_were_typed(reading: str, plain: str) -> None:
    assert hiragana(reading) == plain
