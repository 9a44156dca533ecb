"""What the command takes to come up: the shortest of what people wait for."""

from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import PYTHON, Goal, Line, in_turns, line, process

TURNS = 11
KYOZAI = str(Path(PYTHON).with_name("kyozai"))


def start(*, small: bool) -> Iterator[Line]:
    contenders = {
        "help": lambda: process(KYOZAI, "--help"),
        "python": lambda: process(PYTHON, "-c", "pass"),
    }
    times = in_turns(contenders, 1 if small else TURNS)
    yield line("`kyozai --help` against `python -c pass`", times, "help", "python", Goal(6))
