"""The output folder: filled beside the old one and put in its place in one step, whole or not at all."""

import ctypes
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.digests import digest
from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.signature import CHECKSUMS, SIGNATURE, sign

RENAME_EXCHANGE = 2
AT_FDCWD = -100

FOREIGN_FILES = Kind(
    "output-foreign-files",
    "error",
    N_("出力先「%(folder)s」に、kyozai build が作ったのではないファイルがあります（%(files)s）。"),
    N_("出力先はまるごと置き換わります。ファイルを移すか、--output で別のフォルダを指定します。"),
)
NOT_WRITABLE = Kind(
    "output-not-writable",
    "error",
    N_("出力先「%(folder)s」に書けません（%(reason)s）。"),
    N_("書き込みの許可と空き容量を確かめるか、--output で別のフォルダを指定します。"),
)


class OutputRefused(Exception):
    """The output folder is as it was."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def replace_output(folder: Path, files: Mapping[str, bytes], key: Path | None = None) -> None:
    """Fill the folder with these files and their checksums, and with nothing else. Raise OutputRefused.

    `key`: what signs the checksums; may raise SignatureRefused.
    """
    folder = folder.absolute()
    refuse_foreign_files(folder)
    try:
        with stage_beside(folder) as stage:
            fill(stage, with_checksums(files, key))
            swap(stage, folder)
    except OSError as error:
        values = {"folder": str(folder), "reason": error.strerror or type(error).__name__}
        raise OutputRefused(Problem(NOT_WRITABLE, Place(str(folder)), values)) from error


@contextmanager
def stage_beside(folder: Path) -> Iterator[Path]:
    """An empty folder on the same disk, gone afterwards; so are those that a killed build left behind."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left_behind in folder.parent.glob(f".{folder.name}-*"):
        with suppress(OSError), locked(left_behind):
            shutil.rmtree(left_behind)
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    with locked(stage):
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """A lock ends with its process, however that ends. Raise BlockingIOError while another holds it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def refuse_foreign_files(folder: Path) -> None:
    foreign = sorted({path.name for path in entries(folder)} - own_files(folder))
    if foreign:
        values = {"folder": str(folder), "files": ", ".join(foreign[:5])}
        raise OutputRefused(Problem(FOREIGN_FILES, Place(str(folder)), values))


def entries(folder: Path) -> list[Path]:
    """What would be lost; a file with the name of the folder itself."""
    if folder.is_dir():
        return list(folder.iterdir())
    return [folder] if folder.exists() else []


def own_files(folder: Path) -> set[str]:
    """What an earlier build left there, by its own list."""
    try:
        lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return set()
    return {CHECKSUMS, SIGNATURE} | {line[66:] for line in lines}


def checksums(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum --check` reads it."""
    return "".join(f"{digest(files[name])}  {name}\n" for name in sorted(files)).encode()


def with_checksums(files: Mapping[str, bytes], key: Path | None) -> dict[str, bytes]:
    listed = checksums(files)
    signature = {SIGNATURE: sign(listed, key)} if key else {}
    return {**files, CHECKSUMS: listed, **signature}


def fill(stage: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        with (stage / name).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    stage.chmod(0o777 & ~current_umask())


def current_umask() -> int:
    """Asking for it means setting it."""
    umask = os.umask(0o022)
    os.umask(umask)
    return umask


def swap(stage: Path, folder: Path) -> None:
    """What stood in the folder's place stands in the stage's afterwards."""
    if not folder.exists():
        stage.rename(folder)
    elif not exchange(stage, folder):
        old = stage.with_name(f"{stage.name}-old")
        folder.rename(old)
        stage.rename(folder)
        old.rename(stage)


def exchange(one: Path, other: Path) -> bool:
    """Linux can do it in one step, so that even a power cut leaves one of the two whole."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0)
