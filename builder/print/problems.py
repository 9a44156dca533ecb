"""What authors can do that makes a course unprintable."""

from collections.abc import Iterator

from builder.language import N_
from builder.model.course import Course, Introduction, Module
from builder.model.package import PackagedModule
from builder.model.problem import Kind, Place, Problem

SUMMARY_TOO_LONG = Kind(
    "summary-too-long",
    "error",
    N_("一枚のまとめが %(pages)d ページになります。いちばん長い要点（point）はここで、%(length)d 字です。"),
    N_("モジュールの題名と要点を短くして、A4 一枚に収めてください。"),
)
CHARACTER_LACKING = Kind(
    "print-character",
    "error",
    N_("「%(character)s」（%(codepoint)s）は PDF の書体（Noto Sans JP）にない文字です。"),
    N_("別の文字か言葉に置き換えてください。絵文字は使えません。"),
)
MODULE_DISAGREES = Kind(
    "print-disagrees",
    "error",
    N_("%(file)s と画面で、「%(title)s」の番号、題名、要点、版（%(version)s）のどれかが違います。"),
    N_("もう一度 kyozai build を実行します。また出たら、このソフトの誤りです。開発者に伝えます。"),
)
COURSE_DISAGREES = Kind(
    "print-disagrees",
    "error",
    N_("%(file)s に、画面に出る「%(fact)s」がありません。"),
    N_("もう一度 kyozai build を実行します。また出たら、このソフトの誤りです。開発者に伝えます。"),
)


def summary_too_long(course: Course, pages: int) -> Problem:
    longest = max(course.modules, key=lambda module: len(module.header.point))
    values = {"pages": pages, "length": len(longest.header.point)}
    return Problem(SUMMARY_TOO_LONG, Place(longest.path), values)


def module_disagrees(name: str, course: Course, packaged: PackagedModule) -> Problem:
    (path,) = (module.path for module in course.modules if module.id == packaged.id)
    values = {"file": f"{name}.pdf", "title": packaged.title, "version": packaged.version}
    return Problem(MODULE_DISAGREES, Place(path), values)


def course_disagrees(name: str, fact: str) -> Problem:
    return Problem(COURSE_DISAGREES, Place("course/course.yaml"), {"file": f"{name}.pdf", "fact": fact})


def characters_lacking(course: Course, characters: frozenset[str]) -> list[Problem]:
    return [character_lacking(course, character) for character in sorted(characters)]


def character_lacking(course: Course, character: str) -> Problem:
    values = {"character": character, "codepoint": f"U+{ord(character):04X}"}
    return Problem(CHARACTER_LACKING, place_of(course, character), values)


def place_of(course: Course, character: str) -> Place:
    """The first section or file that has the character; `course.yaml` when it stands nowhere else."""
    for place, text in texts(course):
        if character in text:
            return place
    return Place("course/course.yaml")


def texts(course: Course) -> Iterator[tuple[Place, str]]:
    lessons: tuple[Introduction | Module, ...] = (course.introduction, *course.modules)
    for lesson in lessons:
        yield Place(lesson.path), lesson.header.model_dump_json()
        for section in lesson.sections:
            yield Place(lesson.path, section.line), section.title + section.markdown
    yield Place("course/glossary.yaml"), course.glossary.model_dump_json()
