"""Reads the course again whenever one of its files is saved."""

from pathlib import Path
from threading import Event

from watchfiles import watch

from builder.preview.editions import Newest, read_edition

FOLDERS = ("course", "modules", "quizzes")


def keep_newest(newest: Newest, root: Path, stop: Event | None = None) -> None:
    """Returns when `stop` is set, never without one. Raises KeyboardInterrupt on Ctrl-C."""
    folders = [root / name for name in FOLDERS if (root / name).is_dir()]
    for _ in watch(*folders, stop_event=stop):
        newest.replace(read_edition(root, newest.edition))
