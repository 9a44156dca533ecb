"""What is in a package and how it is digested: the same for who writes one and who verifies one."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from builder.digests import canonical, digest
from builder.model.course import Basis
from builder.model.package import Manifest, PackagedObjective, PackagedQuestion
from builder.model.questions import Choice, Question
from builder.model.quiz import Quiz
from builder.rendering.links import INTRODUCTION, page_path

MANIFEST = "course.json"
PDFS = ("handout.pdf", "summary.pdf")
ASSET = re.compile(r"assets/[a-z0-9-]+/[A-Za-z0-9][A-Za-z0-9._-]*\.svg")
SECTION = re.compile(
    r'^<section id="([a-z0-9-]+)"(?: data-basis="(?:official|course)")?>\n(.*?)\n</section>\n',
    re.DOTALL | re.MULTILINE,
)
IMAGE = re.compile(r'<img src="(?:\.\./)+(assets/[^"]+)"')
"""In HTML as the sanitiser writes it."""

FILE_NAME = re.compile(r".+-\d+\.\d+\.\d+\.zip")
"""Of a package. The deliveries that are built beside it say more before the ending."""

NOT_CONTENT = {"format", "id", "release", "released", "predecessor", "content_digest", "tools", "files"}


def packages_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.zip") if FILE_NAME.fullmatch(path.name))


def quiz_path(module_id: str) -> str:
    return f"quizzes/{module_id}.json"


def required_files(module_ids: Iterable[str]) -> set[str]:
    """What a package has in any case, beside its manifest."""
    files = {page_path(INTRODUCTION), *PDFS}
    for module_id in module_ids:
        files |= {page_path(module_id), quiz_path(module_id)}
    return files


def lesson_page(sections: Iterable[tuple[str, Basis | None, str]]) -> str:
    """Id, basis and HTML of every section → one file that `split_page` takes apart again."""
    return "".join(
        f"{section_tag(section_id, basis)}\n{html}\n</section>\n" for section_id, basis, html in sections
    )


def section_tag(section_id: str, basis: Basis | None) -> str:
    return f'<section id="{section_id}" data-basis="{basis}">' if basis else f'<section id="{section_id}">'


def split_page(page: str) -> dict[str, str]:
    """Section id → HTML. Raise ValueError when the page is anything but a series of sections."""
    sections = dict(SECTION.findall(page))
    if SECTION.sub("", page):
        raise ValueError("text outside of the sections")
    return sections


def section_digest(
    title: str, basis: Basis | None, sources: Iterable[str], html: str, files: Mapping[str, bytes]
) -> str:
    """Covers the figures that the section shows."""
    figures = {path: digest(files[path]) for path in IMAGE.findall(html) if path in files}
    return digest(canonical([title, basis, list(sources), html, figures]))


def packaged_objectives(quiz: Quiz) -> tuple[PackagedObjective, ...]:
    return tuple(
        PackagedObjective(
            id=objective.id,
            title=objective.title,
            must_pass=objective.must_pass,
            questions=tuple(map(packaged_question, objective.questions)),
        )
        for objective in quiz.objectives
    )


def packaged_question(question: Question) -> PackagedQuestion:
    return PackagedQuestion(
        id=question.id,
        digest=digest(canonical(question.model_dump(mode="json", by_alias=True))),
        key=digest(canonical(question.key())),
        choices={choice.id: choice_digest(choice) for choice in question.all_choices()},
    )


def choice_digest(choice: Choice) -> str:
    return digest(canonical(choice.model_dump(mode="json")))


def quiz_file(quiz: Quiz) -> bytes:
    return canonical(quiz.model_dump(mode="json", by_alias=True)) + b"\n"


def content_digest(manifest: Manifest) -> str:
    """Of all that a learner meets; not of the PDFs, the release number, the day or the tools."""
    described = manifest.model_dump(mode="json", exclude=NOT_CONTENT)
    files = {path: digest for path, digest in manifest.files.items() if path not in PDFS}
    return digest(canonical([described, files]))
