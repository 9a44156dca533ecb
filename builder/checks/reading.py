"""Whether a course is easy and quick enough to read. All hints: an author may have good reasons."""

from collections.abc import Iterator

from builder.checks.length import length_problems
from builder.checks.pasted import pasted_in_values
from builder.checks.prose import Prose, prose_of
from builder.checks.sentences import sentence_problems
from builder.checks.words import accepted_words, word_problems
from builder.model.problem import Problem
from builder.sources import Sources


def check(sources: Sources) -> Iterator[Problem]:
    settings = sources.settings
    accepted = accepted_words(sources)
    texts = list(prose_of(sources))
    by_module: dict[str, list[Prose]] = {}
    for prose in texts:
        by_module.setdefault(prose.module or prose.path, []).append(prose)
    for together in by_module.values():
        yield from word_problems(together, settings, accepted)
    for prose in texts:
        yield from sentence_problems(prose, settings)
        if prose.path.endswith(".yaml"):
            yield from pasted_in_values(prose)
    yield from length_problems(sources, {prose.path: prose for prose in texts})
