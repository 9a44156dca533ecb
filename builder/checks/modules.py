"""A module is a lesson and a quiz that belong together, at a place of its own in the course."""

import re
from collections.abc import Container, Iterator
from os.path import exists, join
from pathlib import Path
from unicodedata import is_normalized

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.rendering.links import INTRODUCTION
from builder.sources import MODULE_NAME, ModuleSource, Sources, lesson_path, quiz_path

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
EMPTY_FOLDER = Kind(
    "module-without-lesson",
    "error",
    N_("モジュールのフォルダに lesson.md がありません。"),
    N_("lesson.md を置くか、フォルダを消します。lesson.md.txt や Lesson.md は読まれません。"),
)
NO_QUIZ = Kind(
    "module-without-quiz",
    "error",
    N_("レッスンはありますが、確認テスト %(quiz)s がありません。"),
    N_("確認テストを作るか、その名前をモジュールのフォルダにそろえます。"),
)
NAMES_DIFFER = Kind(
    "module-names-differ",
    "error",
    N_("確認テスト %(quiz)s の名前が、レッスンのフォルダ %(folder)s とそろっていません。"),
    N_("フォルダを modules/%(name)s、確認テストを quizzes/%(name)s.yaml にします。"),
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
UNEXPECTED_FOLDER = Kind(
    "module-folder-name",
    "error",
    N_("このフォルダはモジュールとして読まれません。"),
    N_(
        "名前を「番号-id」（例: 08-co-creation）にするか、別の場所に移します。"
        "id は英小文字、数字、ハイフンです。"
    ),
    lowerable=True,
)
UNEXPECTED_FILE = Kind(
    "quiz-file-name",
    "error",
    N_("このファイルは確認テストとして読まれません。"),
    N_("ファイル名を「番号-id.yaml」にするか、別の場所に移します。"),
    lowerable=True,
)


OF_PROGRAMS = re.compile(r"[.~#].*|.*~|Thumbs\.db|desktop\.ini")
"""Files that editors and systems leave."""


def check(sources: Sources) -> Iterator[Problem]:
    misnamed = list(unexpected(sources.root))
    if not (sources.modules or misnamed):
        yield Problem(NO_MODULES, Place("modules"))
    pairs = list(parted(sources))
    for lesson, quiz in pairs:
        yield names_differ(lesson, quiz)
    in_pairs = {module.name for pair in pairs for module in pair}
    meant = {problem.values.get("meant") for problem in misnamed}
    names = {INTRODUCTION, *(id_in(module.name) for module in sources.modules)}
    for module in sources.modules:
        if module.name not in in_pairs:
            yield from missing_parts(module, sources.root, meant)
            yield from name_problems(module, names)
        yield from content_problems(module, sources.root)
    yield from order_problems(sources)
    yield from misnamed


def has_lesson(module: ModuleSource, root: Path) -> bool:
    return exists(join(root, lesson_path(module.name)))


def has_quiz(module: ModuleSource, root: Path) -> bool:
    return exists(join(root, quiz_path(module.name)))


def parted(sources: Sources) -> Iterator[tuple[ModuleSource, ModuleSource]]:
    """A lesson without a quiz, and the quiz without a lesson that belongs to it."""
    root = sources.root
    quizzes = [module for module in sources.modules if not has_lesson(module, root)]
    for lesson in sources.modules:
        if not has_lesson(lesson, root) or has_quiz(lesson, root):
            continue
        names = {lesson.id, id_in(lesson.name)}
        for quiz in quizzes:
            written = {quiz.quiz.value.module} if quiz.quiz else set()
            if names & (written | {id_in(quiz.name)}):
                quizzes.remove(quiz)
                yield lesson, quiz
                break


def id_in(name: str) -> str:
    return name.partition("-")[2]


def names_differ(lesson: ModuleSource, quiz: ModuleSource) -> Problem:
    path = quiz_path(quiz.name)
    name = f"{lesson.name.partition('-')[0]}-{lesson.id}"
    values = {"quiz": path, "folder": f"modules/{lesson.name}", "name": name}
    return Problem(NAMES_DIFFER, Place(path), values)


def missing_parts(module: ModuleSource, root: Path, meant: Container[object]) -> Iterator[Problem]:
    lesson, quiz, folder = lesson_path(module.name), quiz_path(module.name), f"modules/{module.name}"
    if not has_lesson(module, root):
        if (root / folder).is_dir():
            yield Problem(EMPTY_FOLDER, Place(folder))
        else:
            yield Problem(NO_LESSON, Place(quiz), {"lesson": lesson})
    elif not has_quiz(module, root) and quiz not in meant:
        yield Problem(NO_QUIZ, Place(lesson), {"quiz": quiz})


def content_problems(module: ModuleSource, root: Path) -> Iterator[Problem]:
    if module.id == INTRODUCTION and module.lesson and module.lesson.header:
        yield Problem(RESERVED, module.lesson.header.place("id"), {"id": module.id})
    known = (module.id, id_in(module.name))
    if module.quiz and has_lesson(module, root) and module.quiz.value.module not in known:
        values = {"given": module.quiz.value.module, "id": module.id}
        yield Problem(WRONG_MODULE, module.quiz.place("module"), values)


def name_problems(module: ModuleSource, taken: Container[str]) -> Iterator[Problem]:
    """Nothing when the id is at fault in another way: the folder would only be named after it."""
    number, _, name = module.name.partition("-")
    if module.lesson and module.lesson.header and name != module.id and module.id not in taken:
        values = {"id": module.id, "folder": module.name, "name": f"{number}-{module.id}"}
        yield Problem(WRONG_FOLDER, module.lesson.header.place("id"), values)


def order_problems(sources: Sources) -> Iterator[Problem]:
    first: dict[int, str] = {}
    for module in sources.modules:
        if module.lesson and module.lesson.header:
            order = module.lesson.header.value.order
            if order in first:
                values = {"order": order, "other": first[order]}
                yield Problem(SAME_ORDER, module.lesson.header.place("order"), values)
            first.setdefault(order, module.lesson.path)


def unexpected(root: Path) -> Iterator[Problem]:
    """Folders and files whose names say of no module that they are its own."""
    for folder in sorted(root.glob("modules/*")):
        if folder.is_dir() and not is_name(folder.name):
            yield Problem(UNEXPECTED_FOLDER, Place(f"modules/{folder.name}"))
    for path in sorted(root.glob("quizzes/*")):
        name = path.name.removesuffix(".yaml")
        if name == path.name or not is_name(name):
            yield from unexpected_file(root, path)


def is_name(name: str) -> bool:
    """A decomposed name is another fault, and named elsewhere."""
    return not is_normalized("NFC", name) or bool(MODULE_NAME.fullmatch(name) or OF_PROGRAMS.fullmatch(name))


def unexpected_file(root: Path, path: Path) -> Iterator[Problem]:
    if not OF_PROGRAMS.fullmatch(path.name):
        yield Problem(UNEXPECTED_FILE, Place(f"quizzes/{path.name}"), {"meant": quiz_meant(root, path)})


def quiz_meant(root: Path, path: Path) -> str | None:
    """Where the file should be, if a module of that name, or of that id, lacks its quiz."""
    stem = path.name.partition(".")[0]
    for folder in sorted(root.glob("modules/*")):
        quiz = quiz_path(folder.name)
        if stem in (folder.name, id_in(folder.name)) and not (root / quiz).exists():
            return quiz
    return None
