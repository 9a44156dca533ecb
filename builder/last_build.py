"""What the last build of a course read and left. When all of it is as it was, there is nothing to do.

Files are compared by what the system says of them, not by their content: size, number, and when they last
changed, which no program can set back.
"""

import json
import os
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from builder.cache import intact, seal, write_whole
from builder.digests import digest
from builder.model.deliveries import Wanted
from builder.tools import installed, libraries, own_code

SOURCES = ("course", "modules", "quizzes")
KEY = "last-build"
SETTLED = 2_000_000_000
"""Nanoseconds: a file that changed just before it was read may have changed again within the same tick."""

States = Mapping[str, list[int]]
"""Path → size, number, and the nanoseconds when the content and when anything last changed."""


class LastBuild:
    """Made before anything is read, so that no later change is missed."""

    def __init__(self, root: Path, folder: Path, wanted: Wanted, key: Path | None = None) -> None:
        self.path = root / ".kyozai" / "cache" / KEY
        self.folder = folder.absolute()
        self.began = time.time_ns()
        folders = [root / name for name in SOURCES if (root / name).is_dir()]
        self.sources = dict(chain.from_iterable(map(states, folders)))
        signer = digest(key.read_bytes()) if key else ""
        self.made_with = [own_code(), libraries(), installed(), signer]
        self.wanted = asdict(wanted)

    def left(self) -> dict[str, int] | None:
        """The files that it left, with their sizes, if a build now would leave the same."""
        kept = intact(self.path, KEY)
        with suppress(OSError, ValueError):
            outputs = dict(states(self.folder))
            if kept is not None and kept == self.record(outputs):
                return {path.name: outputs[str(path)][0] for path in self.folder.iterdir()}
        return None

    def keep(self) -> None:
        """After a build that found no problem, unless one of its sources may yet have changed unseen."""
        with suppress(OSError):
            if all(max(state[2:]) < self.began - SETTLED for state in self.sources.values()):
                record = self.record(dict(states(self.folder)))
                write_whole(self.path, seal(KEY, record) + b"\n" + record)

    def record(self, outputs: States) -> bytes:
        everything = [str(self.folder), self.made_with, self.wanted, self.sources, outputs]
        return zlib.compress(json.dumps(everything, sort_keys=True).encode(), 1)


def states(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Of a folder and everything in it. Where a link leads is not looked at: it never counts as settled."""
    yield str(folder), state(folder.stat(), size=0)
    for entry in os.scandir(folder):
        if entry.is_symlink():
            yield entry.path, [time.time_ns()] * 4
        elif entry.is_dir():
            yield from states(Path(entry.path))
        else:
            found = entry.stat()
            yield entry.path, state(found, size=found.st_size)


def state(found: os.stat_result, size: int) -> list[int]:
    return [size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns]
