"""The preview shows whatever can be read, however much is wrong with it."""

from pathlib import Path

import pytest

from builder.checks import KINDS, hides_content
from builder.model.problem import Place, Problem
from builder.preview.editions import read_edition
from builder.preview.pages import page
from tests.builders.course import released, small_course, write
from tests.golden_cases import Case, cases

CASES = [*cases("problems"), *cases("releases")]


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_every_page_of_what_can_be_read_is_shown(case: Case, tmp_path: Path) -> None:
    base = small_course()
    if case.file.parent.name == "releases":
        base = released(base, tmp_path / "released")
    edition = read_edition(write(case.course(base), tmp_path / "course"))

    modules = edition.rendered.course.modules if edition.rendered else ()
    assert edition.rendered is None or not any(map(hides_content, edition.problems))
    for module in modules:
        places = [
            f"modules/{module.id}/",
            *(f"quizzes/{module.id}/{q.id}/" for _, q in module.quiz.questions()),
        ]
        assert {page(edition, f"/ja/{place}")[0] for place in places} == {200}


BOOKKEEPING = ("version-not-raised", "release-not-raised", "change-note-old", "release-raised-too-little")


def test_bookkeeping_hides_nothing_and_a_file_that_cannot_be_read_does() -> None:
    hiding = {kind.code for kind in KINDS if hides_content(Problem(kind, Place("")))}

    assert hiding.isdisjoint(BOOKKEEPING)
    assert {"yaml-broken", "file-encoding", "module-without-quiz", "article-unknown"} <= hiding
