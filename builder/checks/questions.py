"""Questions can be answered, are explained, and come in parallel pairs."""

from collections.abc import Iterator
from difflib import get_close_matches

from builder.language import N_
from builder.model.problem import Kind, Problem
from builder.model.questions import Question
from builder.model.questions.matching import Matching
from builder.model.questions.ordering import Ordering
from builder.model.questions.single import Single
from builder.model.questions.true_false import TrueFalse
from builder.model.quiz import Quiz
from builder.sources import ModuleSource, Sources
from builder.sources.documents import Document
from builder.sources.tree import Step

LEAST_QUESTIONS = 2

UNKNOWN_ANSWER = Kind(
    "quiz-answer-unknown",
    "error",
    N_("設問「%(question)s」の正答「%(given)s」は、選択肢（%(known)s）にありません。"),
    N_("正答は選択肢の id から選びます。"),
)
REPEATED_ANSWER = Kind(
    "quiz-answer-repeated",
    "error",
    N_("設問「%(question)s」の正答に「%(given)s」が二回あります。"),
    N_("一つの選択肢は一回だけ書きます。"),
)
INCOMPLETE_ANSWER = Kind(
    "quiz-answer-incomplete",
    "error",
    N_("設問「%(question)s」の正答に、選択肢「%(missing)s」がありません。"),
    N_("すべての選択肢を正答に書きます。"),
)
UNEQUAL_MATCHING = Kind(
    "quiz-matching-unequal",
    "error",
    N_(
        "設問「%(question)s」の選択肢は %(choices)d 個、正答の組は %(pairs)d 個です。"
        "「%(missing)s」の相手がありません。"
    ),
    N_("answer で、どの選択肢にも相手を一つずつ書きます。同じ相手を何度選んでもかまいません。"),
)
UNKNOWN_TARGET = Kind(
    "quiz-target-unknown",
    "error",
    N_("設問「%(question)s」の正答にある「%(given)s」は、targets（%(known)s）にありません。"),
    N_("組になる相手は targets の id から選びます。"),
)
NO_EXPLANATION = Kind(
    "choice-explanation-missing",
    "error",
    N_("設問「%(question)s」の選択肢「%(choice)s」に解説がありません。"),
    N_("explanation に、その選択肢がなぜ正しいか、なぜ誤りかを書きます。"),
    lowerable=True,
)
NO_STATEMENT_EXPLANATION = Kind(
    "choice-explanation-missing",
    "error",
    N_("設問「%(question)s」に %(key)s の解説がありません。"),
    N_("if_true に「正しい」を選んだ人への、if_false に「誤り」を選んだ人への解説を書きます。"),
    lowerable=True,
)
TOO_FEW_QUESTIONS = Kind(
    "objective-questions-few",
    "error",
    N_("ねらい「%(objective)s」の設問が %(count)d 問しかありません。"),
    N_("受け直すときに別の設問を出せるよう、%(least)d 問以上にします。"),
)
PASS_TOO_LARGE = Kind(
    "quiz-pass-unreachable",
    "error",
    N_("合格に必要な正答数 %(pass)d が、ねらいの数 %(objectives)d より多くなっています。"),
    N_("一度に出るのは、ねらいごとに一問です。pass を %(objectives)d 以下にします。"),
)
UNUSUAL_OBJECTIVES = Kind(
    "quiz-objectives-number",
    "warning",
    N_("ねらいが %(objectives)d 個あります。"),
    N_("一つの確認テストのねらいは 3 個か 4 個にします。"),
)
UNKNOWN_SECTION = Kind(
    "question-section-unknown",
    "error",
    N_("設問「%(question)s」の節「%(given)s」は、レッスンにありません。"),
    N_("section には、レッスンの節の id を書きます（%(known)s）。"),
)


def check(sources: Sources) -> Iterator[Problem]:
    for module in sources.modules:
        if module.quiz:
            yield from pool_problems(module.quiz)
            yield from question_problems(module, module.quiz)


def pool_problems(quiz: Document[Quiz]) -> Iterator[Problem]:
    for i, objective in enumerate(quiz.value.objectives):
        path = ("objectives", i, "questions")
        if len(objective.questions) < LEAST_QUESTIONS and not quiz.shortened(*path):
            values = {"objective": objective.id, "count": len(objective.questions), "least": LEAST_QUESTIONS}
            yield Problem(TOO_FEW_QUESTIONS, quiz.place(*path), values)
    count = len(quiz.value.objectives)
    if quiz.shortened("objectives"):
        return
    if quiz.value.pass_number > count:
        values = {"pass": quiz.value.pass_number, "objectives": count}
        yield Problem(PASS_TOO_LARGE, quiz.place("pass"), values)
    if count not in (3, 4):
        yield Problem(UNUSUAL_OBJECTIVES, quiz.place("objectives"), {"objectives": count})


def question_problems(module: ModuleSource, quiz: Document[Quiz]) -> Iterator[Problem]:
    for i, objective in enumerate(quiz.value.objectives):
        for j, question in enumerate(objective.questions):
            path: tuple[Step, ...] = ("objectives", i, "questions", j)
            yield from section_problems(module, quiz, question, path)
            yield from explanation_problems(quiz, question, path)
            if not (quiz.shortened(*path, "choices") or quiz.shortened(*path, "targets")):
                yield from answer_problems(quiz, question, path)


def section_problems(
    module: ModuleSource, quiz: Document[Quiz], question: Question, path: tuple[Step, ...]
) -> Iterator[Problem]:
    if question.section is None or module.lesson is None or not module.lesson.whole:
        return
    known = [section.id for section in module.lesson.sections]
    if question.section in known:
        return
    values = {
        "question": question.id,
        "given": question.section,
        "known": ", ".join(known),
        "meant": closest(question.section, known),
    }
    yield Problem(UNKNOWN_SECTION, quiz.place(*path, "section"), values)


def explanation_problems(
    quiz: Document[Quiz], question: Question, path: tuple[Step, ...]
) -> Iterator[Problem]:
    for k, choice in enumerate(question.all_choices()):
        if choice.explanation.strip():
            continue
        if isinstance(question, TrueFalse):
            key = f"if_{choice.id}"
            yield Problem(
                NO_STATEMENT_EXPLANATION, quiz.place(*path, key), {"question": question.id, "key": key}
            )
        else:
            values = {"question": question.id, "choice": choice.id}
            yield Problem(NO_EXPLANATION, quiz.place(*path, "choices", k), values)


def answer_problems(quiz: Document[Quiz], question: Question, path: tuple[Step, ...]) -> Iterator[Problem]:
    known = [choice.id for choice in question.all_choices()]
    given = question.answer_ids()
    for k, answer in enumerate(given):
        place = quiz.place(*path, "answer", *answer_step(question, answer, k))
        values = {"question": question.id, "given": answer, "known": ", ".join(known)}
        if answer not in known:
            yield Problem(UNKNOWN_ANSWER, place, values | {"meant": closest(answer, known)})
        elif answer in given[:k]:
            yield Problem(REPEATED_ANSWER, place, values)
    if isinstance(question, Ordering | Matching) and set(given) <= set(known):
        kind = UNEQUAL_MATCHING if isinstance(question, Matching) else INCOMPLETE_ANSWER
        for missing in sorted(set(known) - set(given)):
            counts = {"choices": len(known), "pairs": len(given)}
            where = quiz.place(*path, "answer")
            yield Problem(kind, where, {"question": question.id, "missing": missing, **counts})
    if isinstance(question, Matching):
        yield from target_problems(quiz, question, path)


def answer_step(question: Question, answer: str, index: int) -> tuple[Step, ...]:
    """Where under `answer` one of its ids is written."""
    if isinstance(question, Single):
        return ()
    return (answer,) if isinstance(question, Matching) else (index,)


def target_problems(quiz: Document[Quiz], question: Matching, path: tuple[Step, ...]) -> Iterator[Problem]:
    known = [target.id for target in question.targets]
    for choice, target in question.answer.items():
        if target not in known:
            values = {
                "question": question.id,
                "given": target,
                "known": ", ".join(known),
                "meant": closest(target, known),
            }
            yield Problem(UNKNOWN_TARGET, quiz.place(*path, "answer", choice), values)


def closest(given: str, known: list[str]) -> str | None:
    return next(iter(get_close_matches(given, known, n=1)), None)
