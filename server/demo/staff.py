"""The sample staff: invented names in an invented bureau."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from server.rules.readings import hiragana

DEPARTMENTS = (
    # code, name, code of the department above
    ("0100", "見本局", None),
    ("0110", "総務部", "0100"),
    ("0111", "総務課", "0110"),
    ("0112", "人事課", "0110"),
    ("0120", "窓口サービス部", "0100"),
    ("0121", "申請受付課", "0120"),
    ("0122", "相談支援課", "0120"),
    ("0130", "まちづくり部", "0100"),
    ("0131", "計画課", "0130"),
    ("0132", "港湾施設課", "0130"),
    ("0133", "公園課", "0130"),
)
SECTIONS = tuple(code for code, _, _ in DEPARTMENTS if not code.endswith("0"))

FAMILY_NAMES = (
    ("青海", "オウミ"), ("有明", "アリアケ"), ("飯田", "イイダ"), ("上野", "ウエノ"), ("大塚", "オオツカ"),
    ("神田", "カンダ"), ("木場", "キバ"), ("小岩", "コイワ"), ("品川", "シナガワ"), ("高尾", "タカオ"),
    ("月島", "ツキシマ"), ("中野", "ナカノ"), ("日野", "ヒノ"), ("三鷹", "ミタカ"), ("目黒", "メグロ"),
)  # fmt: skip
GIVEN_NAMES = (("はる", "ハル"), ("なつき", "ナツキ"), ("あきら", "アキラ"), ("ふゆこ", "フユコ"))


@dataclass(frozen=True)
class SampleName:
    number: str
    name: str
    reading: str


def sample_names() -> Iterator[SampleName]:
    """Sixty of them, always the same. The numbers begin with noughts, as real ones do."""
    pairs = ((family, given) for given, family in product(GIVEN_NAMES, FAMILY_NAMES))
    for count, ((family, family_reading), (given, given_reading)) in enumerate(pairs, start=1):
        yield SampleName(f"{70_000 + count:08}", f"{family} {given}", f"{family_reading} {given_reading}")


SYLLABLES = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"


def invented_names(count: int, chance: random.Random) -> Iterator[SampleName]:
    """So many, with readings from all over the syllabary; the names are the readings in hiragana."""

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))

    for number in range(1, count + 1):
        reading = f"{word()} {word()}"
        yield SampleName(f"{number:08}", hiragana(reading), reading)
