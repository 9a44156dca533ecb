"""A module in which nothing was found is not looked through again while all that matters is the same."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from builder.cache import Cache
from builder.model.problem import Problem
from builder.sources import ModuleSource, Sources
from builder.sources.fingerprints import fingerprint

SUBJECT = "faultless"


class Faultless:
    """Fingerprints of modules without a problem, kept by what the checks see of the rest of the course."""

    def __init__(self, cache: Cache, sources: Sources) -> None:
        self.cache = cache
        self.course = fingerprint(sources.root, "course")
        outlines = {path: asdict(outline) for path, outline in sources.outlines.items()}
        self.key = cache.key(SUBJECT, [self.course, outlines, sources.hidden_lessons])
        kept = cache.kept(SUBJECT, self.key) if self.course else None
        self.known = frozenset(json.loads(kept) if kept else ())

    def doubtful(self, sources: Sources) -> list[ModuleSource]:
        return [module for module in sources.modules if module.fingerprint not in self.known]

    def keep(self, sources: Sources, problems: Iterable[Problem]) -> None:
        """`problems`: all that were met in reading and checking these modules."""
        places = {problem.place.file for problem in problems}
        found = {owner(file) for file in places}
        faultless = {module.fingerprint for module in sources.modules if module.name not in found} - {None}
        if self.course and faultless != self.known:
            self.cache.keep(SUBJECT, self.key, json.dumps(sorted(filter(None, faultless))).encode())


def owner(file: str) -> str:
    """The name of the module that a file belongs to; nobody's name for others."""
    parts = file.split("/")
    if parts[0] == "quizzes":
        return parts[-1].removesuffix(".yaml")
    return parts[1] if parts[0] == "modules" and len(parts) > 1 else ""
