"""Ids are unique: they are how answers, completions and links find their way."""

from collections.abc import Iterable, Iterator

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.model.quiz import Quiz
from builder.sources import Sources
from builder.sources.documents import Document, M
from builder.sources.tree import Step

DUPLICATE_ID = Kind(
    "duplicate-id",
    "error",
    N_("「%(id)s」が二回使われています（先の方は %(first)s）。"),
    N_("どちらかを別の名前にします。公開した後の id は変えられません。"),
)


def check(sources: Sources) -> Iterator[Problem]:
    if repeat([module.id for module in sources.modules]):
        yield from duplicates(module_ids(sources))
    if sources.file:
        course = sources.file.value
        articles = [article.id for article in course.guideline.articles]
        yield from in_list(sources.file, articles, "id", "guideline", "articles")
        yield from in_list(sources.file, [source.number for source in course.sources], "number", "sources")
    if sources.glossary:
        yield from in_list(
            sources.glossary, [term.term for term in sources.glossary.value.terms], "term", "terms"
        )


def check_quizzes(sources: Sources) -> Iterator[Problem]:
    for module in sources.modules:
        if module.quiz:
            yield from in_quiz(module.quiz)


def module_ids(sources: Sources) -> Iterator[tuple[str, Place]]:
    for module in sources.modules:
        if module.lesson and module.lesson.header:
            yield module.id, module.lesson.header.place("id")


def in_quiz(quiz: Document[Quiz]) -> Iterator[Problem]:
    objectives = quiz.value.objectives
    yield from in_list(quiz, [objective.id for objective in objectives], "id", "objectives")
    questions = [
        (question, ("objectives", i, "questions", j))
        for i, objective in enumerate(objectives)
        for j, question in enumerate(objective.questions)
    ]
    if repeat([question.id for question, _ in questions]):
        yield from duplicates((question.id, quiz.place(*path, "id")) for question, path in questions)
    for question, path in questions:
        yield from in_list(quiz, [choice.id for choice in question.all_choices()], "id", *path, "choices")
        yield from in_list(quiz, [target.id for target in question.all_targets()], "id", *path, "targets")


def in_list(document: Document[M], names: list[str], key: str, *path: Step) -> Iterator[Problem]:
    """`names`: what the items of the list at `path` have under `key`."""
    if repeat(names):
        yield from duplicates((name, document.place(*path, i, key)) for i, name in enumerate(names))


def repeat(names: list[str]) -> bool:
    """Most never do: their places are looked for only when one does."""
    return len(set(names)) < len(names)


def duplicates(names: Iterable[tuple[str, Place]]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for name, place in names:
        if name in first:
            earlier = f"{first[name].file}:{first[name].line}"
            yield Problem(DUPLICATE_ID, place, {"id": name, "first": earlier})
        first.setdefault(name, place)
