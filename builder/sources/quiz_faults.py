"""What is missing or too much in a quiz, said in the words of a quiz and not of a file."""

from collections.abc import Sequence

from pydantic_core import ErrorDetails

from builder.language import N_
from builder.model.problem import Kind

NO_ANSWER = Kind(
    "quiz-answer-missing",
    "error",
    N_("設問「%(question)s」に正答がありません。"),
    N_("answer に、正答の選択肢の id を書きます。書き方は設問の種類（type）で違います。"),
)
SEVERAL_ANSWERS = Kind(
    "quiz-answer-several",
    "error",
    N_("設問「%(question)s」は一つ選ぶ設問（single）ですが、正答が %(count)d 個あります。"),
    N_("正答を一つだけ、かっこなしで書くか、type を multiple にします。"),
)
NO_ARTICLE = Kind(
    "question-article-missing",
    "error",
    N_("設問「%(question)s」に条（article）がありません。"),
    N_("もとになる条の id と指針の版を書きます（例: article: jukkajo-1@1.0.0）。"),
)
NO_QUESTIONS = Kind(
    "objective-questions-few",
    "error",
    N_("ねらい「%(objective)s」に設問がありません。"),
    N_("同じことを別の形で聞く設問を、二つ以上書きます。"),
)


def quiz_fault(error: ErrorDetails, keys: Sequence[str]) -> Kind | None:
    """`keys`: those on the way to the fault, without the numbers of list items."""
    if "objectives" not in keys:
        return None
    absent = error["type"] == "missing" or error["input"] in (None, [], {}, "")
    match keys[-1]:
        case "answer" if absent:
            return NO_ANSWER
        case "answer" if "single" in keys and isinstance(error["input"], list):
            return SEVERAL_ANSWERS
        case "article" if absent:
            return NO_ARTICLE
        case "questions" if absent:
            return NO_QUESTIONS
    return None
