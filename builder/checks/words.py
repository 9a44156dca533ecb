"""Words that can be read at a glance: no long runs of one script, no abbreviation without its meaning.

Each is named once in a file. Words of the glossary and the course's accepted words are left alone.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from builder.checks.prose import SOMETHING, Prose
from builder.language import N_
from builder.model.course import CheckSettings
from builder.model.problem import Kind, Problem
from builder.sources import Sources

KANJI_RUN = Kind(
    "kanji-run",
    "warning",
    N_("漢字が %(count)d 字続いています（「%(given)s」）。"),
    N_(
        "間に「の」などを入れるか、言い換えます。名前なら、用語集か、"
        "course/course.yaml の checks の accepted_words に加えます。"
    ),
)
KATAKANA_RUN = Kind(
    "katakana-run",
    "warning",
    N_("カタカナが %(count)d 字続いています（「%(given)s」）。"),
    N_(
        "「・」で区切るか、言い換えます。名前なら、用語集か、"
        "course/course.yaml の checks の accepted_words に加えます。"
    ),
)
ABBREVIATION = Kind(
    "abbreviation-unexplained",
    "warning",
    N_("略語「%(given)s」の説明がありません。"),
    N_(
        "「%(given)s（意味）」のように説明を添えるか、用語集に加えます。"
        "名前の一部なら、accepted_words に加えます。"
    ),
)

KANJI = "[\u3400-\u4dbf\u4e00-\u9fff々〇]"
KATAKANA = "[ァ-ヺー]"
CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,}(?![A-Za-z0-9])")
EVERYDAY = frozenset(re.findall("[A-Z]+", "AI CD DVD FAX IC ID IT NG OK PC PDF QR SNS TV URL USB"))
"""Abbreviations that everybody at a desk knows."""


def accepted_words(sources: Sources) -> tuple[str, ...]:
    terms = sources.glossary.value.terms if sources.glossary else ()
    return (*(term.term for term in terms), *sources.settings.accepted_words)


def word_problems(
    texts: Sequence[Prose], settings: CheckSettings, accepted: Sequence[str]
) -> Iterator[Problem]:
    """`texts`: a lesson and its quiz. What one explains, the other need not."""
    everything = "\n".join(prose.text for prose in texts)
    for prose in texts:
        yield from run_problems(prose, KANJI_RUN, KANJI, settings.kanji_run, accepted)
        yield from run_problems(prose, KATAKANA_RUN, KATAKANA, settings.katakana_run, accepted)
        for found in firsts(CAPITALS.finditer(without(accepted, prose.text))):
            if not is_explained(found[0], everything):
                yield Problem(ABBREVIATION, prose.place(found.start()), {"given": found[0]})


def without(accepted: Iterable[str], text: str) -> str:
    """The text, as long as before, without the accepted words that hold an abbreviation."""
    for word in filter(CAPITALS.search, accepted):
        text = text.replace(word, SOMETHING * len(word))
    return text


def run_problems(
    prose: Prose, kind: Kind, script: str, least: int, accepted: Sequence[str]
) -> Iterator[Problem]:
    for found in firsts(re.finditer(f"{script}{{{least},}}", prose.text)):
        rest = longest_rest(found[0], re.findall(f"{script}+", "\n".join(accepted)))
        if len(rest) >= least:
            yield Problem(kind, prose.place(found.start()), {"count": len(found[0]), "given": found[0]})


def longest_rest(run: str, parts: Iterable[str]) -> str:
    """What is left of a run in one piece without the parts of accepted words that it holds."""
    for word in sorted(set(parts), key=len, reverse=True):
        if len(word) > 1:
            run = run.replace(word, " ")
    return max(run.split(" "), key=len)


def firsts(found: Iterable[re.Match[str]]) -> list[re.Match[str]]:
    by_text: dict[str, re.Match[str]] = {}
    for match in found:
        by_text.setdefault(match[0], match)
    return list(by_text.values())


def is_explained(abbreviation: str, text: str) -> bool:
    """In brackets beside it, or by itself in brackets after what it stands for."""
    return abbreviation in EVERYDAY or f"{abbreviation}（" in text or f"（{abbreviation}" in text
