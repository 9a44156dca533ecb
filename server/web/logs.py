"""The server's log: one line for each fault on stderr, the traceback in a file."""

import logging
import sys
from datetime import datetime
from pathlib import Path

from flask import Flask

LOG = logging.getLogger("kyozai")
LINE = "%(asctime)s %(levelname)s %(message)s"
DAY_AND_ZONE = "%Y-%m-%dT%H:%M:%S%z"


class Screen(logging.Handler):
    """One line on stderr, whatever stderr is by then."""

    def emit(self, record: logging.LogRecord) -> None:
        at = datetime.fromtimestamp(record.created).astimezone()
        print(f"{at.isoformat(timespec='seconds')} {record.levelname} {record.getMessage()}", file=sys.stderr)


def init_app(app: Flask, data: Path) -> None:
    """Log to `logs/server.log` in the data folder. Logs hold no answers and no secrets."""
    folder = data.absolute() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    to_file = logging.FileHandler(folder / "server.log", encoding="utf-8", delay=True)
    to_file.setFormatter(logging.Formatter(LINE, DAY_AND_ZONE))
    app.extensions["kyozai.log"] = str(folder / "server.log")
    for handler in LOG.handlers:
        handler.close()
    LOG.handlers = [to_file, Screen()]
    LOG.propagate = False
