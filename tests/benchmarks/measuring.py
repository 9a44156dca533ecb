"""Subject and floor in turns, A B A B …, so that both meet the same noise; medians of all turns."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Contender = Callable[[], float]
"""Runs once and returns the seconds that count."""

Times = Mapping[str, list[float]]

PYTHON = sys.executable


@dataclass(frozen=True)
class Goal:
    """A ratio of performance to reach: at most the limit, or at least."""

    limit: float
    at_least: bool = False

    def is_reached(self, ratio: float) -> bool:
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True)
class Line:
    """One result. `detail`: the absolute figures, which do not travel."""

    what: str
    ratio: float
    goal: Goal | None
    detail: str

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "reached" if self.goal.is_reached(self.ratio) else "MISSED"


def in_turns(contenders: Mapping[str, Contender], turns: int) -> Times:
    """Seconds of every contender, by turn."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(turns):
        for name, run in contenders.items():
            times[name].append(run())
    return times


def ratio(times: Times, subject: str, floor: str) -> float:
    """The median of the ratios of each turn."""
    return median(a / b for a, b in zip(times[subject], times[floor], strict=True))


def line(what: str, times: Times, subject: str, floor: str, goal: Goal | None = None) -> Line:
    detail = f"{seconds(median(times[subject]))} / {seconds(median(times[floor]))}"
    return Line(what, ratio(times, subject, floor), goal, detail)


def seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.3g} ms"


def process(*command: str) -> float:
    """A whole process, from its start to its end."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    end = time.perf_counter()
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")
    return end - start
