"""What was made before from the same content by the same tools: `.kyozai/cache` in the course's root."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import get_ident

from builder.digests import canonical, digest
from builder.tools import own_code, tools


class Cache:
    """Every entry is led by a digest: a damaged or misplaced one counts as none. Nothing needs the cache."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".kyozai" / "cache"
        self.made_with = [own_code(), tools()]

    def remember(self, subject: str, content: object, make: Callable[[], bytes]) -> bytes:
        """What `make` returns for this content, made now or before. `content` must be JSON."""
        key = self.key(subject, content)
        kept = self.kept(subject, key)
        if kept is None:
            kept = make()
            self.keep(subject, key, kept)
        return kept

    def key(self, subject: str, content: object) -> str:
        return digest(canonical([subject, self.made_with, content]))

    def kept(self, subject: str, key: str) -> bytes | None:
        return intact(self.folder / subject / key, key)

    def keep(self, subject: str, key: str, data: bytes) -> None:
        with suppress(OSError):
            write_whole(self.folder / subject / key, seal(key, data) + b"\n" + data)


def intact(path: Path, key: str) -> bytes | None:
    try:
        claimed, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return data if claimed == seal(key, data) else None


def seal(key: str, data: bytes) -> bytes:
    """Binds an entry's data to the content that it was made from."""
    return digest(key.encode() + data).encode()


def write_whole(path: Path, data: bytes) -> None:
    """Either the whole file appears or none of it."""
    new = path.parent / f"{path.name}.{os.getpid()}-{get_ident()}"
    try:
        new.write_bytes(data)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
    new.replace(path)
