"""Questions that test what they mean to test: nothing in their form gives the answer away, or hides it."""

import re
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from builder.language import N_
from builder.model.problem import Kind, Problem
from builder.model.questions import Choice, Question, Target
from builder.model.questions.single import Single
from builder.model.quiz import Quiz
from builder.sources import Sources
from builder.sources.documents import Document
from builder.sources.tree import Step

KEY_LONGEST = Kind(
    "quiz-answer-longest",
    "warning",
    N_("設問「%(question)s」は、正答だけが長くなっています（%(key)d 字。ほかは %(others)d 字まで）。"),
    N_("長さで正答が分からないよう、正答を短くするか、ほかの選択肢も同じくらい具体的に書きます。"),
)
ALL_OF_ABOVE = Kind(
    "choice-all-of-above",
    "warning",
    N_("設問「%(question)s」に、ほかの選択肢をまとめる選択肢「%(given)s」があります。"),
    N_("もっともらしい別の行動にするか、type: multiple にして、当てはまるものをすべて選んでもらいます。"),
)
NEGATIVE = Kind(
    "question-negative",
    "warning",
    N_("設問「%(question)s」は、当てはまらないものを選ばせています（「%(given)s」）。"),
    N_("読み違えやすいので、正しいもの、最もよいものを問う文に直します。"),
)
SAME_TEXT = Kind(
    "choice-text-duplicate",
    "error",
    N_("設問「%(question)s」の「%(given)s」と「%(other)s」は、同じ文です。"),
    N_("どちらかを書き直すか、消します。受講者には区別できません。"),
    lowerable=True,
)
PASS_IS_ALL = Kind(
    "quiz-pass-all",
    "warning",
    N_("合格に必要な正答数が、ねらいの数と同じ %(pass)d です。一問もまちがえられません。"),
    N_("pass を %(fewer)d 以下にし、欠かせないねらいには must_pass: true を書きます。"),
)

ALL = re.compile(
    r"(?:(?:上|以上|上記)の?|これら(?:の)?|どれ|いずれ)?(?:全て|すべて|全部)(?:が|の選択肢が)?"
    r"(?:正しい|正解|当てはまる|あてはまる|該当する)?(?:です)?。?"
    r"|(?:上記|以上|上の)(?:の)?(?:どれ|いずれ)(?:で)?も(?:ない|ありません|正しくない|当てはまらない)。?"
    r"|(?:どれ|いずれ)(?:で)?も(?:ない|ありません|正しい|正しくない|当てはまらない|あてはまらない)(?:です)?。?"
    r"|該当(?:なし|するものはない|する選択肢はない)。?"
    r"|[aAａＡアイ]と[bBｂＢイウ]の?(?:両方|どちらも).*"
)
STEM = re.compile(
    r"(?:誤っている|間違っている|まちがっている|誤った|間違った|不適切な|不適当な)(?:もの|記述|説明|文|組み?合わせ)"
    r"|(?<!てほしく)(?:ない|ではありません)(?:もの|こと|記述|説明|文|行動|例)(?:は(?:どれ|何|次)|を(?:選|一つ|すべて|全て|次))"
)
LONGER = 1.5
MORE_CHARACTERS = 8
"""A key is clearly the longest when it is longer than the others by both."""


def check(sources: Sources) -> Iterator[Problem]:
    for module in sources.modules:
        if module.quiz:
            yield from quiz_problems(module.quiz)


def quiz_problems(quiz: Document[Quiz]) -> Iterator[Problem]:
    count = len(quiz.value.objectives)
    if quiz.value.pass_number == count > 1 and not quiz.shortened("objectives"):
        yield Problem(PASS_IS_ALL, quiz.place("pass"), {"pass": count, "fewer": count - 1})
    for i, objective in enumerate(quiz.value.objectives):
        for j, question in enumerate(objective.questions):
            yield from question_problems(quiz, question, ("objectives", i, "questions", j))


def question_problems(quiz: Document[Quiz], question: Question, path: tuple[Step, ...]) -> Iterator[Problem]:
    negative = STEM.search(question.text)
    if negative:
        values = {"question": question.id, "given": clause(question.text[: negative.end()])}
        yield Problem(NEGATIVE, quiz.place(*path, "text"), values)
    if question.type == "true-false":
        return
    choices = question.all_choices()
    for k, choice in enumerate(choices):
        if ALL.fullmatch(choice.text):
            values = {"question": question.id, "given": choice.text}
            yield Problem(ALL_OF_ABOVE, quiz.place(*path, "choices", k, "text"), values)
    yield from length_problems(quiz, question, path)
    yield from same_texts(quiz, question, choices, (*path, "choices"))
    yield from same_texts(quiz, question, question.all_targets(), (*path, "targets"))


def clause(text: str) -> str:
    """The last one, which the text ends with."""
    return re.split(r"[、。，．\s]", text)[-1]


def length_problems(quiz: Document[Quiz], question: Question, path: tuple[Step, ...]) -> Iterator[Problem]:
    if not isinstance(question, Single):
        return
    lengths = {choice.id: len(choice.text) for choice in question.all_choices()}
    others = max((length for name, length in lengths.items() if name != question.answer), default=0)
    key = lengths.get(question.answer, 0)
    if key >= others * LONGER and key >= others + MORE_CHARACTERS:
        values = {"question": question.id, "key": key, "others": others}
        index = list(lengths).index(question.answer)
        yield Problem(KEY_LONGEST, quiz.place(*path, "choices", index, "text"), values)


def same_texts(
    quiz: Document[Quiz], question: Question, items: Sequence[Choice | Target], path: tuple[Step, ...]
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for k, item in enumerate(items):
        text = "".join(normalize("NFKC", item.text).split())
        other = first.setdefault(text, item.id)
        if other != item.id:
            values = {"question": question.id, "given": item.id, "other": other}
            yield Problem(SAME_TEXT, quiz.place(*path, k, "text"), values)
