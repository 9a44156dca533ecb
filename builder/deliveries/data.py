"""What the player's scripts know of a course: ids, rules and keys, no text."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from builder.language import LANGUAGES
from builder.model.package import Manifest, PackagedModule
from builder.model.questions import Question
from builder.model.quiz import Quiz
from builder.package import Package

KEY_LENGTH = 4
LONGEST_VERSION = len("99.99.99")
LONGEST_TIME = 7
"""Of seconds since 1970 in base 36, from the year 2038 on."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def key_of(identifier: str) -> str:
    """Stands for an id in the packed state; the same in every release."""
    number = int.from_bytes(hashlib.sha256(identifier.encode()).digest()[:8], "big")
    return "".join(DIGITS[number // len(DIGITS) ** place % len(DIGITS)] for place in range(KEY_LENGTH))


def clashing(identifiers: Iterable[str]) -> list[str]:
    """Ids of one module, or of modules, whose keys are the same as that of another before them."""
    seen: dict[str, str] = {}
    return [each for each in identifiers if seen.setdefault(key_of(each), each) != each]


@dataclass(frozen=True)
class Size:
    """Of a module: what a learner's state says of it."""

    version: str
    objectives: int
    sections: int


def longest_state(course_id: str, release: str, modules: Sequence[Size]) -> int:
    """The most characters that `state.js` may ever pack of a learner of this course.

    All of a module is open at once: an older version passed, every objective tried and asked, every section
    read.
    """
    head = len(f"1|{course_id}|{release}|ja|zz||") + 2 * KEY_LENGTH
    return head + sum(map(_longest_of, modules)) + max(0, len(modules) - 1)


def _longest_of(module: Size) -> int:
    passed = max(len(module.version), LONGEST_VERSION) + len("@") + LONGEST_TIME
    tries = asked = (KEY_LENGTH + 1) * module.objectives
    return KEY_LENGTH + len(module.version) + passed + tries + asked + KEY_LENGTH * module.sections + 6


def sizes(manifest: Manifest) -> list[Size]:
    return [Size(module.version, len(module.objectives), len(module.sections)) for module in manifest.modules]


def course_data(package: Package) -> dict[str, Any]:
    manifest = package.manifest
    return {
        "id": manifest.id,
        "release": manifest.release,
        "pages": list(LANGUAGES),
        "modules": [module_data(module, package.quiz(module.id)) for module in manifest.modules],
    }


def module_data(module: PackagedModule, quiz: Quiz) -> dict[str, Any]:
    return {
        "id": module.id,
        "key": key_of(module.id),
        "version": module.version,
        "pass": quiz.pass_number,
        "objectives": [
            {
                "id": objective.id,
                "key": key_of(objective.id),
                "mustPass": objective.must_pass,
                "questions": [question.id for question in objective.questions],
            }
            for objective in quiz.objectives
        ],
        "questions": {
            question.id: {"key": key_of(question.id), "objective": objective.id, "type": question.type}
            for objective, question in quiz.questions()
        },
        "sections": {section.id: key_of(section.id) for section in module.sections},
    }


def question_data(question: Question) -> dict[str, Any]:
    """With its key: a delivery marks where it runs."""
    return {
        "id": question.id,
        "type": question.type,
        "choices": [choice.id for choice in question.all_choices()],
        "pinned": [choice.id for choice in question.all_choices() if choice.pinned],
        "targets": [target.id for target in question.all_targets()],
        "targetTexts": {target.id: target.text for target in question.all_targets()},
        "key": question.key(),
    }
