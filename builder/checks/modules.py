"""A module is a lesson and a quiz that belong together, at a place of its own in the course."""

from collections.abc import Iterator

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.rendering.links import INTRODUCTION
from builder.sources import ModuleSource, Sources, lesson_path, quiz_path

NO_MODULES = Kind(
    "course-empty",
    "error",
    N_("モジュールが一つもありません。"),
    N_("modules/01-<id>/lesson.md と quizzes/01-<id>.yaml を作ります。"),
)
NO_LESSON = Kind(
    "module-without-lesson",
    "error",
    N_("確認テストはありますが、レッスン %(lesson)s がありません。"),
    N_("レッスンを作るか、確認テストの名前をモジュールのフォルダにそろえます。"),
)
NO_QUIZ = Kind(
    "module-without-quiz",
    "error",
    N_("レッスンはありますが、確認テスト %(quiz)s がありません。"),
    N_("確認テストを作るか、その名前をモジュールのフォルダにそろえます。"),
)
WRONG_MODULE = Kind(
    "quiz-module-differs",
    "error",
    N_("確認テストの module は「%(given)s」ですが、レッスンの id は「%(id)s」です。"),
    N_("module にレッスンの id を書きます。"),
)
WRONG_FOLDER = Kind(
    "module-folder-differs",
    "error",
    N_("レッスンの id「%(id)s」が、フォルダ名「%(folder)s」と合いません。"),
    N_("フォルダと確認テストの名前を「%(name)s」にするか、id を直します。公開した後の id は変えられません。"),
)
RESERVED = Kind(
    "module-id-reserved",
    "error",
    N_("モジュールの id に「%(id)s」は使えません。"),
    N_("「はじめに」のための名前です。別の id にします。"),
)
SAME_ORDER = Kind(
    "module-order-equal",
    "error",
    N_("順番 %(order)d が、%(other)s と同じです。"),
    N_("order をモジュールごとに違う数にします。"),
)
UNEXPECTED_FILE = Kind(
    "quiz-file-name",
    "error",
    N_("このファイルは確認テストとして読まれません。"),
    N_("ファイル名を「番号-id.yaml」にするか、別の場所に移します。"),
)


def check(sources: Sources) -> Iterator[Problem]:
    if not sources.modules:
        yield Problem(NO_MODULES, Place("modules"))
    for module in sources.modules:
        yield from pair_problems(module, sources)
        yield from name_problems(module)
    yield from order_problems(sources)
    yield from unexpected_files(sources)


def pair_problems(module: ModuleSource, sources: Sources) -> Iterator[Problem]:
    lesson, quiz = lesson_path(module.name), quiz_path(module.name)
    if not (sources.root / lesson).exists():
        place = Place(quiz if (sources.root / quiz).exists() else f"modules/{module.name}")
        yield Problem(NO_LESSON, place, {"lesson": lesson})
    if not (sources.root / quiz).exists() and (sources.root / lesson).exists():
        yield Problem(NO_QUIZ, Place(lesson), {"quiz": quiz})
    if module.quiz and module.quiz.value.module not in (module.id, module.name.partition("-")[2]):
        values = {"given": module.quiz.value.module, "id": module.id}
        yield Problem(WRONG_MODULE, module.quiz.place("module"), values)


def name_problems(module: ModuleSource) -> Iterator[Problem]:
    if not (module.lesson and module.lesson.header):
        return
    place = module.lesson.header.place("id")
    if module.id == INTRODUCTION:
        yield Problem(RESERVED, place, {"id": module.id})
    number, _, name = module.name.partition("-")
    if not number.isdecimal() or name != module.id:
        values = {"id": module.id, "folder": module.name, "name": f"{number}-{module.id}"}
        yield Problem(WRONG_FOLDER, place, values)


def order_problems(sources: Sources) -> Iterator[Problem]:
    first: dict[int, str] = {}
    for module in sources.modules:
        if module.lesson and module.lesson.header:
            order = module.lesson.header.value.order
            if order in first:
                values = {"order": order, "other": first[order]}
                yield Problem(SAME_ORDER, module.lesson.header.place("order"), values)
            first.setdefault(order, module.lesson.path)


def unexpected_files(sources: Sources) -> Iterator[Problem]:
    for path in sorted(sources.root.glob("quizzes/*")):
        if path.suffix != ".yaml" and not path.name.startswith("."):
            yield Problem(UNEXPECTED_FILE, Place(f"quizzes/{path.name}"))
