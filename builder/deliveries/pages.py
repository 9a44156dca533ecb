"""The pages of a delivery: lessons, quizzes and completions as HTML, in each language of the screen."""

import json
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from builder.deliveries.data import question_data
from builder.language import LANGUAGES, Language
from builder.model.package import Manifest, PackagedModule, PackagedSection
from builder.package import Package
from builder.rendering.links import INTRODUCTION, asset_path, cited, relink
from builder.rendering.templates import environment

FRAME = "index.html"
THEME = "theme.css"


def frame_page(manifest: Manifest, store: str) -> bytes:
    """The page that is opened: it holds the session, and the others in it."""
    return _show("frame.html", LANGUAGES[0], FRAME, manifest=manifest, store=store)


def pages(package: Package, language: Language) -> Iterator[tuple[str, bytes]]:
    """Path → page."""
    manifest = package.manifest
    yield _page("home", language, "index.html", manifest=manifest)
    yield _page("glossary", language, "glossary.html", manifest=manifest)
    yield _page("completions", language, "completions.html", manifest=manifest)
    yield from _sections(
        package, language, INTRODUCTION, None, manifest.introduction.sections, package.introduction()
    )
    for module in manifest.modules:
        yield from _module_pages(package, language, module)


def _module_pages(
    package: Package, language: Language, module: PackagedModule
) -> Iterator[tuple[str, bytes]]:
    folder = f"modules/{module.id}"
    quiz = package.quiz(module.id)
    data = {question.id: question_data(question) for _, question in quiz.questions()}
    after = _after(package.manifest, module)
    values = {"manifest": package.manifest, "module": module}
    yield _page("module", language, f"{folder}/index.html", **values)
    yield _page(
        "quiz", language, f"{folder}/quiz.html", **values, quiz=quiz, data=script_data(data), after=after
    )
    yield from _sections(package, language, folder, module, module.sections, package.sections(module.id))


def _after(manifest: Manifest, module: PackagedModule) -> PackagedModule | None:
    place = manifest.modules.index(module) + 1
    return manifest.modules[place] if place < len(manifest.modules) else None


def _sections(
    package: Package,
    language: Language,
    folder: str,
    module: PackagedModule | None,
    sections: tuple[PackagedSection, ...],
    html: Mapping[str, str],
) -> Iterator[tuple[str, bytes]]:
    for place, section in enumerate(sections):
        path = f"{folder}/{section.id}.html"
        yield _page(
            "section",
            language,
            path,
            manifest=package.manifest,
            module=module,
            section=section,
            sections=sections,
            number=place + 1,
            before=sections[place - 1] if place else None,
            after=sections[place + 1] if place + 1 < len(sections) else None,
            html=_linked(html[section.id], package.manifest, f"{language}/{path}"),
            sources=cited([html[section.id]], package.manifest.sources),
        )


def _linked(html: str, manifest: Manifest, path: str) -> str:
    """`path`: of the page, from the delivery's root."""
    here, language = posixpath.dirname(path), path.partition("/")[0]

    def url(target: str) -> str:
        return posixpath.relpath(target, here)

    def module_url(module_id: str, section: str | None) -> str:
        return url(f"{language}/modules/{module_id}/{section or 'index'}.html")

    first = manifest.introduction.sections[0].id
    return relink(
        html,
        module_url=module_url,
        introduction_url=lambda section: url(f"{language}/{INTRODUCTION}/{section or first}.html"),
        asset_url=lambda module_id, file: url(asset_path(module_id, file)),
        glossary_url=url(f"{language}/glossary.html"),
        anchor_url="{}.html".format,
    )


def _page(kind: str, language: Language, path: str, **values: Any) -> tuple[str, bytes]:
    whole = f"{language}/{path}"
    return whole, _show(f"{kind}.html", language, whole, kind=kind, place=path, **values)


def _show(template: str, language: Language, path: str, **values: Any) -> bytes:
    here = posixpath.dirname(path)
    return (
        environment("builder.deliveries", language)
        .get_template(template)
        .render(
            language=language,
            languages=LANGUAGES,
            theme=THEME,
            root=posixpath.relpath(".", here or "."),
            **values,
        )
        .encode()
    )


def script_data(data: object) -> str:
    """JSON that may stand in a script element."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c")
