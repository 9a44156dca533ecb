"""Learners at the server: a lesson page, an answer that is kept, and a large office that answers at once."""

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from tests.benchmarks.learners import SignedIn, answers_kept, copy_database, prepare
from tests.benchmarks.load import Load, send
from tests.benchmarks.measuring import PYTHON, Goal, Line, Times, in_turns, line, seconds
from tests.builders.served import PATIENCE, SECRET, answers_at, free_port, wait_until

TURNS = 3
LEARNERS = 300
CONNECTIONS = 16
OURS = "from server.commands.serve import serve; import sys; serve('127.0.0.1', int(sys.argv[1]), workers=2)"
PLAIN = (
    "import runpy; runpy.run_module('tests.benchmarks.floors.server', run_name='__main__', alter_sys=True)"
)
FLOOR = str(Path(__file__).parent / "floors" / "transaction.py")
AGAINST_PLAIN = Goal(2, at_least=True)
LATEST = Goal(5)


def server(*, small: bool) -> Iterator[Line]:
    learners, turns = (3, 1) if small else (LEARNERS, TURNS)
    with TemporaryDirectory() as name:
        folder = Path(name)
        runs = Runs(folder, prepare(folder, learners))
        times = in_turns(
            {
                "lesson": lambda: runs.lessons(OURS),
                "plain lesson": lambda: runs.lessons(PLAIN),
                "answer": lambda: runs.answers(OURS, CONNECTIONS),
                "plain answer": lambda: runs.answers(PLAIN, CONNECTIONS),
                "transaction": runs.transactions,
            },
            turns,
        )
        yield from lines(times)
        yield from at_once(runs, learners, turns)


def lines(times: Times) -> Iterator[Line]:
    yield faster("lesson page, requests a second against the plain way", times, "lesson", "plain lesson")
    yield faster(
        "answer saved, requests a second against the plain way",
        times,
        "answer",
        "plain answer",
        AGAINST_PLAIN,
    )
    yield line("answer saved, time against the bare transaction", times, "answer", "transaction")


def faster(what: str, times: Times, subject: str, floor: str, goal: Goal | None = None) -> Line:
    """How many times as fast as the floor."""
    turned = line(what, times, floor, subject, goal)
    rates = f"{1 / median(times[subject]):.0f} / {1 / median(times[floor]):.0f} a second"
    return Line(what, turned.ratio, goal, rates)


def at_once(runs: "Runs", learners: int, turns: int) -> Iterator[Line]:
    """Everybody begins at the same moment, each over a connection of their own."""
    latencies = [sorted(runs.load(OURS, runs.answering, learners).latencies) for _ in range(turns)]
    latest = [(quantiles(each, n=100)[98], median(each)) for each in latencies]
    p99, middle = (median(values) for values in zip(*latest, strict=True))
    what = f"answer saved, {learners} learners at once: 99th percentile over median"
    yield Line(what, median(a / b for a, b in latest), LATEST, f"{seconds(p99)} / {seconds(middle)}")


class Runs:
    """Every one begins with a server of its own, warmed up, on a fresh copy of the same database."""

    def __init__(self, folder: Path, learners: Sequence[SignedIn]) -> None:
        self.folder = folder
        self.learners = learners
        self.counted = count(1)

    def lessons(self, program: str) -> float:
        """Seconds a request."""
        load = self.load(
            program, lambda port: [[learner.lesson(port)] * 4 for learner in self.learners], CONNECTIONS, 200
        )
        return load.seconds / len(load.latencies)

    def answers(self, program: str, connections: int) -> float:
        """Seconds an answer."""
        load = self.load(program, self.answering, connections)
        return load.seconds / len(load.latencies)

    def answering(self, port: int) -> list[list[bytes]]:
        return [learner.answers(port, SECRET) for learner in self.learners]

    def load(
        self,
        program: str,
        requests: Callable[[int], list[list[bytes]]],
        connections: int,
        expected: int = 303,
    ) -> Load:
        """Raise RuntimeError when a request was refused, or an answer that was taken is not kept."""
        data = copy_database(self.folder, self.folder / f"run-{next(self.counted)}")
        with serving(program, data) as port:
            warm_up = [[learner.lesson(port)] for learner in self.learners[:CONNECTIONS]]
            send(port, warm_up, connections=CONNECTIONS, expected=200)
            load = send(port, requests(port), connections=connections, expected=expected)
        if load.refused:
            raise RuntimeError(f"refused: {load.refused[:5]} of {len(load.latencies)}")
        if expected == 303 and answers_kept(data) != len(load.latencies):
            raise RuntimeError(f"{answers_kept(data)} of {len(load.latencies)} answers are kept")
        return load

    def transactions(self) -> float:
        """Seconds an answer."""
        data = copy_database(self.folder, self.folder / f"run-{next(self.counted)}")
        answers = sum(len(learner.questions) for learner in self.learners)
        done = subprocess.run(
            [PYTHON, FLOOR, str(data / "kyozai.db"), str(answers)], capture_output=True, text=True, check=True
        )
        return float(done.stdout) / answers


@contextmanager
def serving(program: str, data: Path) -> Iterator[int]:
    """The port on which it listens."""
    port = free_port()
    environment = {
        **os.environ,
        "KYOZAI_DATA": str(data),
        "KYOZAI_SECRET_KEY": SECRET,
        "KYOZAI_URL": f"http://127.0.0.1:{port}",
    }
    process = subprocess.Popen([PYTHON, "-c", program, str(port)], env=environment, start_new_session=True)
    try:
        wait_until(lambda: answers_at(port))
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)
