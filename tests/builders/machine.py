"""The `kyozai` command as a process of its own, on machines that differ in all that must not matter."""

import os
import subprocess
import sys
from pathlib import Path

RUN = "import sys; from server.commands import main; main(sys.argv[1:])"

LATER = """\
import datetime, time
shift = datetime.timedelta(days=400, hours=7)
class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + shift
    @classmethod
    def utcnow(cls):
        return super().now() + shift
    @classmethod
    def today(cls):
        return super().now() + shift
class LaterDay(datetime.date):
    @classmethod
    def today(cls):
        return super().today() + shift
datetime.datetime, datetime.date = Later, LaterDay
now, localtime, gmtime = time.time, time.localtime, time.gmtime
time.time = lambda: now() + shift.total_seconds()
time.localtime = lambda *given: localtime(*(given or [time.time()]))
time.gmtime = lambda *given: gmtime(*(given or [time.time()]))
"""
"""Run before anything else is imported: another day, whoever asks Python for it."""


def kyozai(
    *arguments: str, folder: Path, before: str = "", umask: int = 0o022, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`before`: Python to run first, in the same process."""
    inherited = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    return subprocess.run(
        [sys.executable, "-c", before + RUN, *arguments],
        cwd=folder,
        umask=umask,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )
