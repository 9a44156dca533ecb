"""What a new module is to be called, where it stands, and what speaks against it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from builder.authoring.drafts import ModuleDraft, quiz_files
from builder.checks.modules import RESERVED
from builder.checks.versions import REUSED
from builder.language import N_
from builder.model.course import Article, CourseFile, LessonHeader
from builder.model.problem import Kind, Place, Problem
from builder.model.release import Release
from builder.rendering.links import INTRODUCTION
from builder.sources import COURSE_FILE, ModuleSource, Sources, quiz_path
from builder.sources.lessons import ID, LONGEST_ID

BAD_ID = Kind(
    "new-id-unusable",
    "error",
    N_("モジュールの id「%(id)s」は使えません。"),
    N_("英小文字と数字の語を、ハイフンでつないで、64 字までで書きます（例: customer-view）。"),
)
ID_TAKEN = Kind(
    "new-id-taken",
    "error",
    N_("モジュールの id「%(id)s」はもう使われています。"),
    N_("別の id にします。今あるモジュールは上書きしません。"),
)
ORDER_TAKEN = Kind(
    "new-order-taken",
    "error",
    N_("順番 %(order)d は、このモジュールのものです。"),
    N_("--order に空いている番号（%(free)d など）を書くか、--order を書かずに任せます。"),
)
UNKNOWN_ARTICLE = Kind(
    "new-article-unknown",
    "error",
    N_("条「%(given)s」は、指針にありません。"),
    N_("--article に書けるのは %(known)s です。条が増えたのなら、course/course.yaml に先に加えます。"),
)
NO_ARTICLE = Kind(
    "new-article-needed",
    "error",
    N_("どの条のモジュールか、決められません。どの条にもモジュールがあります。"),
    N_("--article に条の id（%(known)s）を書きます。"),
)
NO_LESSON = Kind(
    "new-quiz-without-lesson",
    "error",
    N_("id が「%(id)s」のレッスンがありません。"),
    N_("確認テストのないレッスンの id を書きます。レッスンから作るなら kyozai new module です。"),
)


@dataclass(frozen=True)
class Wish:
    """What was asked for; None is left to us."""

    id: str
    title: str | None = None
    order: int | None = None
    article: str | None = None


def plan_module(
    sources: Sources, releases: Sequence[Release], wish: Wish
) -> tuple[ModuleDraft | None, list[Problem]]:
    """What is not given is chosen: the lowest free order, the article of that number, its title."""
    if sources.file is None:
        return None, faults_in(sources, COURSE_FILE)
    file = sources.file.value
    problems = list(id_problems(sources, releases, wish.id))
    article, faults = choose_article(sources, file, wish)
    order, orders = wish.order, taken_orders(sources)
    if order is None:
        order = article.number if article and article.number not in orders else lowest_free(orders)
    elif order in orders:
        values = {"order": order, "free": lowest_free(orders)}
        faults.append(Problem(ORDER_TAKEN, Place(place_of(orders[order])), values))
    if article is None or problems or faults:
        return None, problems + faults
    return ModuleDraft(
        id=wish.id,
        order=order,
        title=one_line(wish.title or "") or article.title,
        article=f"{article.id}@{file.guideline.version}",
        source=file.sources[0].number if file.sources else None,
    ), []


def plan_quiz(sources: Sources, module_id: str) -> tuple[dict[str, str], list[Problem]]:
    """The file of the quiz for a lesson that is there."""
    module = next((module for module in sources.modules if module.id == module_id and module.lesson), None)
    if module is None or module.lesson is None:
        return {}, [Problem(NO_LESSON, Place("modules"), {"id": module_id})]
    if module.lesson.header is None:
        return {}, faults_in(sources, module.lesson.path)
    sections = [section.id for section in module.lesson.sections]
    return quiz_files(module.name, module.id, module.lesson.header.value.article, sections), []


def id_problems(sources: Sources, releases: Sequence[Release], module_id: str) -> Iterator[Problem]:
    if not ID.fullmatch(module_id) or len(module_id) > LONGEST_ID:
        yield Problem(BAD_ID, Place("modules"), {"id": module_id})
    elif module_id == INTRODUCTION:
        yield Problem(RESERVED, Place("modules"), {"id": module_id})
    for module in sources.modules:
        if module_id in (module.id, module.name.partition("-")[2]):
            yield Problem(ID_TAKEN, Place(place_of(module)), {"id": module_id})
            return
    numbers = [release.number for release in releases if module_id in {one.id for one in release.modules}]
    if numbers:
        place = Place(f"course/releases/{numbers[-1]}.json")
        yield Problem(REUSED, place, {"id": module_id, "release": numbers[-1]})


def choose_article(sources: Sources, file: CourseFile, wish: Wish) -> tuple[Article | None, list[Problem]]:
    """The one that is named; else that of the order's number; else the first without a module."""
    articles = file.guideline.articles
    known = ", ".join(article.id for article in articles)
    if wish.article is not None:
        named = next((article for article in articles if article.id == wish.article.partition("@")[0]), None)
        unknown = Problem(UNKNOWN_ARTICLE, Place(COURSE_FILE), {"given": wish.article, "known": known})
        return named, [] if named else [unknown]
    cited = {header.article.partition("@")[0] for header in headers(sources)}
    fitting = [article for article in articles if article.number == wish.order]
    free = [article for article in articles if article.id not in cited]
    chosen = next(iter(fitting + free), None)
    return chosen, [] if chosen else [Problem(NO_ARTICLE, Place(COURSE_FILE), {"known": known})]


def one_line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def headers(sources: Sources) -> Iterator[LessonHeader]:
    for module in sources.modules:
        if module.lesson and module.lesson.header:
            yield module.lesson.header.value


def taken_orders(sources: Sources) -> dict[int, ModuleSource]:
    """By the lessons; by the names of the folders, too, so that these stay in the same order."""
    taken = {int(module.name.partition("-")[0]): module for module in sources.modules}
    for module in sources.modules:
        if module.lesson and module.lesson.header:
            taken[module.lesson.header.value.order] = module
    return taken


def lowest_free(orders: Collection[int]) -> int:
    return next(number for number in range(1, len(orders) + 2) if number not in orders)


def place_of(module: ModuleSource) -> str:
    return module.lesson.path if module.lesson else quiz_path(module.name)


def faults_in(sources: Sources, path: str) -> list[Problem]:
    """Why nothing can be made out of a file."""
    return [problem for problem in sources.problems if problem.place.file == path]
