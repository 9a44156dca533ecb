"""A module is short enough for one sitting, and takes no longer than it says."""

from collections.abc import Iterator, Mapping

from builder.checks.prose import Prose, count
from builder.language import N_
from builder.model.course import CheckSettings, IntroductionHeader, LessonHeader
from builder.model.problem import Kind, Problem
from builder.model.quiz import Quiz
from builder.sources import Sources
from builder.sources.documents import Document

TOO_LONG = Kind(
    "lesson-too-long",
    "warning",
    N_("このモジュールには約 %(estimate)d 分かかります（本文 %(characters)d 字、設問 %(questions)d 問）。"),
    N_("%(longest)d 分までに収まるよう、本文を約 %(surplus)d 字減らします。"),
)
MORE_THAN_SAID = Kind(
    "lesson-minutes-few",
    "warning",
    N_(
        "minutes は %(minutes)d ですが、約 %(estimate)d 分かかります"
        "（本文 %(characters)d 字、設問 %(questions)d 問）。"
    ),
    N_("minutes を %(estimate)d にするか、本文を減らします。"),
)


def length_problems(sources: Sources, texts: Mapping[str, Prose]) -> Iterator[Problem]:
    if sources.introduction and sources.introduction.header:
        path = sources.introduction.path
        yield from lesson_problems(sources.introduction.header, texts[path], None, sources.settings)
    for module in sources.modules:
        if module.lesson and module.lesson.header:
            quiz = module.quiz.value if module.quiz else None
            yield from lesson_problems(
                module.lesson.header, texts[module.lesson.path], quiz, sources.settings
            )


def lesson_problems(
    header: Document[LessonHeader] | Document[IntroductionHeader],
    prose: Prose,
    quiz: Quiz | None,
    settings: CheckSettings,
) -> Iterator[Problem]:
    characters, questions = count(prose.text), len(quiz.objectives) if quiz else 0
    estimate = minutes(characters, questions, settings)
    allowed = settings.longest_minutes
    values = {"characters": characters, "questions": questions, "estimate": round(estimate)}
    if round(estimate) > allowed:
        surplus = round((estimate - allowed) * settings.characters_per_minute)
        yield Problem(TOO_LONG, header.place("minutes"), values | {"longest": allowed, "surplus": surplus})
    elif round(estimate) > header.value.minutes:
        written = {"minutes": header.value.minutes}
        yield Problem(MORE_THAN_SAID, header.place("minutes"), values | written)


def minutes(characters: int, questions: int, settings: CheckSettings) -> float:
    """An attempt asks one question of each objective."""
    return characters / settings.characters_per_minute + questions * settings.seconds_per_question / 60
