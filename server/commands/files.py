"""Files that commands write: whole or not there, and for their owner alone."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from builder.language import N_
from server.commands.environment import complain


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Beside the file first, and in its place when all is on the disk. Stops the command if it cannot."""
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        complain(N_("「%(path)s」に書けません（%(reason)s）。"), path=path, reason=error.strerror)
        raise SystemExit(1) from error


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    with written_whole(path) as file:
        file.writelines(pieces)
