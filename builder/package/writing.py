"""Write a course package. The same content and the same PDFs give the same bytes."""

from collections.abc import Iterable, Mapping

from pydantic import TypeAdapter

from builder.archive import archive
from builder.cache import Cache
from builder.digests import canonical, digest
from builder.model.base import version_parts
from builder.model.course import Course
from builder.model.package import (
    Manifest,
    PackagedIntroduction,
    PackagedModule,
    PackagedObjective,
    PackagedSection,
)
from builder.model.quiz import Quiz
from builder.package.contents import (
    MANIFEST,
    content_digest,
    lesson_page,
    packaged_objectives,
    quiz_file,
    quiz_path,
    section_digest,
)
from builder.rendering.course import RenderedCourse, RenderedSection
from builder.rendering.links import INTRODUCTION, page_path
from builder.tools import tools

OBJECTIVES = TypeAdapter(tuple[PackagedObjective, ...])


def write_package(manifest: Manifest, files: Mapping[str, bytes], pdfs: Mapping[str, bytes]) -> bytes:
    """`manifest`: of `files`. `pdfs`: `handout.pdf` and `summary.pdf`, which no content digest covers."""
    printed = {path: digest(data) for path, data in pdfs.items()}
    whole = manifest.model_copy(update={"files": manifest.files | printed})
    return archive({MANIFEST: canonical(whole.model_dump(mode="json")) + b"\n", **files, **pdfs})


def content_files(rendered: RenderedCourse) -> dict[str, bytes]:
    pages = {page_path(module_id): page(sections) for module_id, sections in rendered.modules.items()}
    quizzes = {quiz_path(module.id): quiz_file(module.quiz) for module in rendered.course.modules}
    return pages | {page_path(INTRODUCTION): page(rendered.introduction)} | quizzes | dict(rendered.assets)


def page(sections: Iterable[RenderedSection]) -> bytes:
    parts = [(rendered.section.id, rendered.section.basis, rendered.html) for rendered in sections]
    return lesson_page(parts).encode()


def describe(rendered: RenderedCourse, files: Mapping[str, bytes], cache: Cache | None = None) -> Manifest:
    course = rendered.course
    digests = {path: digest(data) for path, data in files.items()}
    manifest = Manifest(
        format=1,
        id=course.file.id,
        title=course.file.title,
        description=course.file.description,
        release=course.file.release,
        released=course.file.released,
        predecessor=predecessor(course),
        languages=course.file.languages,
        guideline=course.file.guideline,
        notice=course.file.notice,
        introduction=PackagedIntroduction(
            title=course.introduction.header.title,
            minutes=course.introduction.header.minutes,
            sections=packaged_sections(rendered.introduction, files),
        ),
        modules=tuple(
            PackagedModule(
                **module.header.model_dump(),
                sections=packaged_sections(rendered.modules[module.id], files),
                pass_number=module.quiz.pass_number,
                objectives=objectives(module.quiz, digests[quiz_path(module.id)], cache),
            )
            for module in course.modules
        ),
        sources=course.file.sources,
        glossary=course.glossary.terms,
        content_digest="0" * 64,
        tools=tools(),
        files=digests,
    )
    return manifest.model_copy(update={"content_digest": content_digest(manifest)})


def predecessor(course: Course) -> str | None:
    """The newest release before this one."""
    earlier = [
        number for number in course.releases if version_parts(number) < version_parts(course.file.release)
    ]
    return max(earlier, key=version_parts, default=None)


def objectives(quiz: Quiz, quiz_digest: str, cache: Cache | None) -> tuple[PackagedObjective, ...]:
    """`quiz_digest`: of the quiz's file in the package."""
    if cache is None:
        return packaged_objectives(quiz)
    kept = cache.remember("objectives", quiz_digest, lambda: OBJECTIVES.dump_json(packaged_objectives(quiz)))
    return OBJECTIVES.validate_json(kept)


def packaged_sections(
    sections: Iterable[RenderedSection], files: Mapping[str, bytes]
) -> tuple[PackagedSection, ...]:
    return tuple(packaged_section(rendered, files) for rendered in sections)


def packaged_section(rendered: RenderedSection, files: Mapping[str, bytes]) -> PackagedSection:
    section = rendered.section
    return PackagedSection(
        id=section.id,
        title=section.title,
        basis=section.basis,
        sources=section.sources,
        digest=section_digest(section.title, section.basis, section.sources, rendered.html, files),
    )
