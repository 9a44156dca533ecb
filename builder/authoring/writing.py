"""New source files. What is there already stays as it is, unless it was made by us."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from builder.language import N_
from builder.model.problem import Kind, Place, Problem

ALREADY_THERE = Kind(
    "new-file-exists",
    "error",
    N_("「%(file)s」はもうあります。"),
    N_("別の id にするか、今あるファイルを直します。上書きはしません。"),
)
NOT_WRITABLE = Kind(
    "new-file-not-writable",
    "error",
    N_("「%(file)s」に書けません（%(reason)s）。"),
    N_("書き込みの許可と空き容量を確かめます。"),
)


class WritingRefused(Exception):
    """What could not be written. Files that were there are as they were."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def write_new(root: Path, files: Mapping[str, str]) -> None:
    """Path relative to `root` → text. All or nothing; raise WritingRefused."""
    written: list[Path] = []
    try:
        for path, text in files.items():
            write(root, path, text, mode="x")
            written.append(root / path)
    except WritingRefused:
        for file in written:
            take_back(file)
        raise


def take_back(file: Path) -> None:
    """With its folder, if nothing else is in it."""
    file.unlink(missing_ok=True)
    with suppress(OSError):
        file.parent.rmdir()


def write_ours(root: Path, files: Mapping[str, str]) -> list[str]:
    """The same for files that nobody writes by hand. Returns the paths of those that changed."""
    changed = stale(root, files)
    for path in changed:
        write(root, path, files[path], mode="w")
    return changed


def stale(root: Path, files: Mapping[str, str]) -> list[str]:
    """Paths of files that are missing or differ."""
    return [path for path, text in files.items() if bytes_of(root / path) != text.encode()]


def bytes_of(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def write(root: Path, path: str, text: str, mode: str) -> None:
    try:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with (root / path).open(mode, encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        if isinstance(error, FileExistsError) and (root / path).exists():
            raise WritingRefused(Problem(ALREADY_THERE, Place(path), {"file": path})) from None
        values = {"file": path, "reason": error.strerror or type(error).__name__}
        raise WritingRefused(Problem(NOT_WRITABLE, Place(path), values)) from None
