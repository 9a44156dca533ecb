"""What was made before from the same content by the same tools: `.kyozai/cache` in the course's root."""

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from builder.digests import digest
from builder.tools import own_code, tools


class Cache:
    """Every entry is led by its digest: a damaged one counts as none. Nothing breaks without the cache."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".kyozai" / "cache"
        self.made_with = [own_code(), tools()]

    def remember(self, subject: str, content: object, make: Callable[[], bytes]) -> bytes:
        """What `make` returns for this content, made now or before. `content` must be JSON."""
        key = json.dumps([subject, self.made_with, content], sort_keys=True)
        path = self.folder / subject / digest(key.encode())
        kept = intact(path)
        if kept is None:
            kept = make()
            with suppress(OSError):
                write_whole(path, f"{digest(kept)}\n".encode() + kept)
        return kept


def intact(path: Path) -> bytes | None:
    try:
        claimed, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data if claimed == digest(data).encode() else None


def write_whole(path: Path, data: bytes) -> None:
    """Either the whole file appears or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.replace(name, path)
