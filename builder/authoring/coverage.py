"""What of each value is there, still a draft, or missing. One row for every article of the guideline."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from builder.authoring.drafts import MARK
from builder.model.course import Article, CourseFile, LessonHeader
from builder.sources import ModuleSource, Sources, quiz_path

State = Literal["there", "draft", "faulty", "missing"]
"""`draft`: the mark of a draft still stands in it. `faulty`: a file is there that cannot be read."""

PREFERRED: tuple[State, ...] = ("there", "draft", "faulty", "missing")
PARTS = ("lesson", "quiz", "summary", "case", "first_action")


@dataclass(frozen=True)
class Row:
    """`modules`: the ids of those about the article, often one, often none. `states`: by part."""

    article: Article
    modules: tuple[str, ...]
    states: dict[str, State]

    @property
    def whole(self) -> bool:
        return set(self.states.values()) == {"there"}


def coverage(file: CourseFile, sources: Sources) -> list[Row]:
    """In the order of the guideline."""
    return [row(article, sources) for article in file.guideline.articles]


def row(article: Article, sources: Sources) -> Row:
    """Of several modules about the article, the one that is furthest counts, part by part."""
    modules = [module for module in sources.modules if article.id in articles(module)]
    states = [states_of(module, sources) for module in modules]
    return Row(
        article,
        tuple(module.id for module in modules),
        {part: best(of_module[part] for of_module in states) for part in PARTS},
    )


def best(states: Iterable[State]) -> State:
    return min(states, key=PREFERRED.index, default="missing")


def articles(module: ModuleSource) -> set[str]:
    """What the lesson is about; when it does not say, what the questions are about."""
    header = header_of(module)
    cited = [header.article] if header else []
    if not header and module.quiz:
        cited = [question.article for _, question in module.quiz.value.questions()]
    return {citation.partition("@")[0] for citation in cited}


def header_of(module: ModuleSource) -> LessonHeader | None:
    return module.lesson.header.value if module.lesson and module.lesson.header else None


def states_of(module: ModuleSource, sources: Sources) -> dict[str, State]:
    header, lesson = header_of(module), module.lesson
    texts = {section.id: section.markdown for section in lesson.sections} if lesson else {}
    unread: State = "faulty" if lesson and not (lesson.whole and header) else "missing"
    return {
        "lesson": unread if unread == "faulty" else state("\n".join(texts.values())),
        "quiz": quiz_state(module, sources),
        "summary": state(header.point) if header else unread,
        "case": state(texts["case"]) if "case" in texts else unread,
        "first_action": state(texts["first-action"]) if "first-action" in texts else unread,
    }


def quiz_state(module: ModuleSource, sources: Sources) -> State:
    if module.quiz:
        return state(module.quiz.value.model_dump_json())
    faults = {problem.place.file for problem in sources.problems}
    return "faulty" if quiz_path(module.name) in faults else "missing"


def state(text: str) -> State:
    if not text.strip():
        return "missing"
    return "draft" if MARK in text else "there"
