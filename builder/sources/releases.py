"""The releases written to `course/releases/`."""

from pathlib import Path

from pydantic import ValidationError

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.model.release import Release
from builder.sources.files import Unusable, read_text

DAMAGED = Kind(
    "release-file-damaged",
    "error",
    N_("公開した版の控えを読めません。"),
    N_("このファイルは kyozai release が書きます。手で直さず、元のファイルに戻します。"),
)
MISNAMED = Kind(
    "release-file-misnamed",
    "error",
    N_("公開した版の控えの名前が、中の版番号 %(number)s と違います。"),
    N_("ファイルの名前を %(number)s.json に戻します。"),
)
FOLDER = "course/releases"


def release_path(number: str) -> str:
    return f"{FOLDER}/{number}.json"


def read_releases(root: Path, numbers: tuple[str, ...]) -> tuple[list[Release], list[Problem]]:
    """In the order of the numbers; what cannot be used becomes a problem."""
    releases: list[Release] = []
    problems: list[Problem] = []
    for number in numbers:
        try:
            releases.append(read_release(root, number))
        except Unusable as unusable:
            problems.append(unusable.problem)
    return releases, problems


def read_release(root: Path, number: str) -> Release:
    """Raise Unusable."""
    path = release_path(number)
    try:
        release = Release.model_validate_json(read_text(root, path))
    except ValidationError:
        raise Unusable(Problem(DAMAGED, Place(path))) from None
    if release.number != number:
        raise Unusable(Problem(MISNAMED, Place(path), {"number": release.number}))
    return release
