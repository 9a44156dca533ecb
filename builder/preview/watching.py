"""Reads the course again whenever one of its files is saved."""

from collections.abc import Mapping
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from builder.preview.editions import Newest, read_edition

FOLDERS = ("course", "modules", "quizzes")
PULSE = 500
"""Milliseconds after which to look, without any news, whether the folders are still the same."""


Files = Mapping[Path, tuple[int, int, int] | None]
"""Path → what differs once a file was saved."""


def keep_newest(newest: Newest, root: Path, seen: Files, stop: Event | None = None) -> None:
    """Returns when `stop` is set, never without one. Raises KeyboardInterrupt on Ctrl-C.

    `seen`: the files before the newest edition was read. What was saved since, until the watch began, is
    told by nobody. A folder that is taken away and put back is another one: it has to be watched anew,
    and read once more, for what was saved in between.
    """
    begins, replaced = True, False
    while stop is None or not stop.is_set():
        folders = present(root)
        for changes in watch(*folders, stop_event=stop, rust_timeout=PULSE, yield_on_timeout=True):
            if changes or replaced or (begins and files(root) != seen):
                newest.replace(read_edition(root, newest.edition))
            begins = False
            gone = {Path(path) for change, path in changes if change is Change.deleted}
            replaced = bool(gone & folders) or present(root) != folders
            if replaced:
                break


def files(root: Path) -> Files:
    found = (path for folder in present(root) for path in folder.rglob("*"))
    return {path: told_apart(path) for path in found}


def told_apart(path: Path) -> tuple[int, int, int] | None:
    """None: it was just taken away."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def present(root: Path) -> set[Path]:
    return {folder for name in FOLDERS if (folder := root.absolute() / name).is_dir()}
