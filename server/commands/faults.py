"""A fault of ours: one line on stderr, the traceback in a log file whose path it names."""

import os
import platform
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

EXIT_FAULT = 3


def report_fault(fault: BaseException) -> int:
    """Write the log and say where it is. Returns the exit code."""
    log = log_path(datetime.now(UTC))
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(describe(fault), encoding="utf-8")
    summary = str(fault).splitlines()[0] if str(fault) else ""
    print(
        f"kyozai の不具合です（{type(fault).__name__}: {summary}）。記録 / A fault of ours, see {log}",
        file=sys.stderr,
    )
    return EXIT_FAULT


def log_path(at: datetime) -> Path:
    folder = Path(os.environ.get("KYOZAI_DATA", ".kyozai")) / "logs"
    return folder.absolute() / f"fault-{at:%Y%m%dT%H%M%S%f}.log"


def describe(fault: BaseException) -> str:
    return f"{' '.join(sys.argv)}\nPython {platform.python_version()} on {platform.platform()}\n\n" + "".join(
        traceback.format_exception(fault)
    )
