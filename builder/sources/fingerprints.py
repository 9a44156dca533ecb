"""One digest of files and folders, by names and contents: equal when nothing in them changed."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from builder.digests import canonical, digest
from builder.sources.files import LARGEST_FILE


class Irregular(Exception):
    """Neither a folder nor a file of a sane size: its content says too little."""


def fingerprint(root: Path, *paths: str) -> str | None:
    """None where something is missing, unreadable or irregular; links are, wherever they lead."""
    try:
        for path in paths:
            refuse_links_on_the_way(root, path)
        return digest(canonical([found for path in paths for found in contents(str(root), path)]))
    except (OSError, UnicodeError, Irregular):
        return None


def refuse_links_on_the_way(root: Path, path: str) -> None:
    folder = str(root)
    for name in path.split("/")[:-1]:
        folder = f"{folder}/{name}"
        if os.path.islink(folder):
            raise Irregular


def contents(root: str, path: str) -> Iterator[tuple[str, str]]:
    """Path → digest, of a folder and everything in it."""
    whole = f"{root}/{path}"
    found = os.lstat(whole)
    if S_ISDIR(found.st_mode):
        yield f"{path}/", ""
        for name in sorted(os.listdir(whole)):
            yield from contents(root, f"{path}/{name}")
    elif S_ISREG(found.st_mode) and found.st_size <= LARGEST_FILE:
        with open(whole, "rb") as file:
            yield path, digest(file.read())
    else:
        raise Irregular
