"""What a course needs so that every delivery can keep a learner's progress."""

from collections.abc import Iterator

from builder.deliveries.data import Size, clashing, longest_state
from builder.deliveries.limits import SCORM12_STATE
from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.sources import COURSE_FILE, ModuleSource, Sources

STATE_TOO_LONG = Kind(
    "delivery-state-too-long",
    "error",
    N_(
        "SCORM 1.2 が残せる進み具合は %(limit)d 字までです。"
        "このコースでは %(longest)d 字になることがあります。"
    ),
    N_("モジュールか節を減らします。SCORM 1.2 が要らなければ、注意に下げると、その配布物だけを作りません。"),
    lowerable=True,
)
KEYS_CLASH = Kind(
    "delivery-keys-clash",
    "error",
    N_("「%(id)s」は、配布物の中で別の id と見分けられません。"),
    N_("まれに起きます。公開する前に、この id を別の名前にします。"),
)


def check(sources: Sources) -> Iterator[Problem]:
    modules = [module for module in sources.modules if module.lesson and module.lesson.header and module.quiz]
    for clash in clashing(module.id for module in modules):
        yield Problem(KEYS_CLASH, Place(COURSE_FILE), {"id": clash})
    for module in modules:
        yield from _clashes(module)
    if sources.file:
        course = sources.file.value
        longest = longest_state(course.id, course.release, list(map(_size, modules)))
        if longest > SCORM12_STATE:
            values = {"limit": SCORM12_STATE, "longest": longest}
            yield Problem(STATE_TOO_LONG, sources.file.place("id"), values)


def _clashes(module: ModuleSource) -> Iterator[Problem]:
    assert module.quiz
    assert module.lesson
    quiz = module.quiz.value
    for ids in (
        [objective.id for objective in quiz.objectives],
        [question.id for _, question in quiz.questions()],
        [section.id for section in module.lesson.sections],
    ):
        for clash in clashing(dict.fromkeys(ids)):
            yield Problem(KEYS_CLASH, module.quiz.place("module"), {"id": clash})


def _size(module: ModuleSource) -> Size:
    assert module.quiz
    assert module.lesson
    assert module.lesson.header
    version = module.lesson.header.value.version
    return Size(version, len(module.quiz.value.objectives), len(module.lesson.sections))
