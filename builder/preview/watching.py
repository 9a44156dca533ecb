"""Reads the course again whenever one of its files is saved."""

from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from builder.preview.editions import Newest, read_edition

FOLDERS = ("course", "modules", "quizzes")
PULSE = 500
"""Milliseconds after which to look, without any news, whether the folders are still the same."""


def keep_newest(newest: Newest, root: Path, stop: Event | None = None) -> None:
    """Returns when `stop` is set, never without one. Raises KeyboardInterrupt on Ctrl-C.

    A folder that is taken away and put back is another one: it has to be watched anew, and read once
    more, for what was saved in between.
    """
    replaced = False
    while stop is None or not stop.is_set():
        folders = present(root)
        for changes in watch(*folders, stop_event=stop, rust_timeout=PULSE, yield_on_timeout=True):
            if changes or replaced:
                newest.replace(read_edition(root, newest.edition))
            gone = {Path(path) for change, path in changes if change is Change.deleted}
            replaced = bool(gone & folders) or present(root) != folders
            if replaced:
                break


def present(root: Path) -> set[Path]:
    return {folder for name in FOLDERS if (folder := root.absolute() / name).is_dir()}
