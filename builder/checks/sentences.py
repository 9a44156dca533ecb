"""Sentences that are short, and say what they mean once."""

import re
from collections.abc import Iterator

from builder.checks.prose import Prose, count
from builder.language import N_
from builder.model.course import CheckSettings
from builder.model.problem import Kind, Problem

LONG = Kind(
    "sentence-long",
    "warning",
    N_("一文が %(count)d 字あります（「%(given)s…」）。"),
    N_("%(most)d 字までを目安に、二つの文に分けるか、箇条書きにします。"),
)
DOUBLE_NEGATIVE = Kind(
    "double-negative",
    "warning",
    N_("「%(given)s」は二重否定です。"),
    N_("「〜する」「〜できる」のように、打ち消さずに言い直します。"),
)

SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*[」』）)]*")
DOUBLE = re.compile(
    r"""
      ない(?:わけでは|(?:こと|もの|はず)[はもが]|では|でも)(?:ない|ありません)
    | (?<!少)なく[はも](?:ない|ありません)
    | ない(?:とは|とも)(?:言え|いえ|限ら|かぎら|言い切れ|いいきれ)(?:ない|ません)
    | ず(?:に|には)(?:いられ|おか)(?:ない|ません)
    | ざるを(?:得|え)(?:ない|ません)
    """,
    re.VERBOSE,
)
SHOWN = 20
"""How many characters of a sentence are quoted."""


def sentence_problems(prose: Prose, settings: CheckSettings) -> Iterator[Problem]:
    most = settings.sentence_characters
    for sentence in SENTENCE.finditer(prose.text):
        if len(sentence[0]) > most and (length := count(sentence[0])) > most:
            values = {"count": length, "given": sentence[0].strip()[:SHOWN], "most": most}
            yield Problem(LONG, prose.place(sentence.start()), values)
    for found in DOUBLE.finditer(prose.text):
        yield Problem(DOUBLE_NEGATIVE, prose.place(found.start()), {"given": found[0]})
