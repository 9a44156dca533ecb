"""Open a course package, and trust nothing in it before it is verified."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from pydantic import ValidationError

from builder.digests import digest
from builder.language import N_
from builder.model.package import Manifest, PackagedModule, PackagedSection
from builder.model.problem import Kind, Place, Problem, in_order
from builder.model.quiz import Quiz
from builder.package.contents import (
    ASSET,
    MANIFEST,
    content_digest,
    packaged_objectives,
    quiz_path,
    required_files,
    section_digest,
    split_page,
)
from builder.rendering.figures import inspect_figure
from builder.rendering.links import INTRODUCTION, page_path
from builder.rendering.sanitizing import is_clean_section

MOST_FILES = 10_000
LARGEST_FILES = 200_000_000
LARGEST_RATIO = 100

BUILD_AGAIN = N_("コースのフォルダで kyozai build を実行し、新しいパッケージを使います。")
BROKEN = Kind(
    "package-broken",
    "error",
    N_("コースパッケージとして読めません（zip ファイルではないか、壊れています）。"),
    BUILD_AGAIN,
)
TOO_LARGE = Kind(
    "package-too-large",
    "error",
    N_("コースパッケージが大きすぎます。"),
    N_("ファイルは %(files)d 個まで、展開した大きさは %(bytes)d バイトまでです。"),
)
UNSAFE_NAME = Kind(
    "package-name",
    "error",
    N_("パッケージの中のファイル名「%(file)s」は使えません。"),
    BUILD_AGAIN,
)
DUPLICATE = Kind(
    "package-duplicate",
    "error",
    N_("パッケージの中に「%(file)s」が二つあります。"),
    BUILD_AGAIN,
)
FILE_MISSING = Kind(
    "package-file-missing",
    "error",
    N_("パッケージの中に「%(file)s」がありません。"),
    BUILD_AGAIN,
)
FILE_EXTRA = Kind(
    "package-file-extra",
    "error",
    N_("パッケージの中に、目録にない「%(file)s」があります。"),
    BUILD_AGAIN,
)
FILE_CHANGED = Kind(
    "package-file-changed",
    "error",
    N_("パッケージの中の「%(file)s」が、作られた後に変えられています。"),
    BUILD_AGAIN,
)
BAD_MANIFEST = Kind(
    "package-manifest",
    "error",
    N_("パッケージの目録 course.json を読めません（%(where)s）。"),
    N_("同じ版の kyozai で作り直したパッケージを使います。"),
)
BAD_CONTENT = Kind(
    "package-content",
    "error",
    N_("パッケージの中の「%(file)s」が、目録の内容と合いません。"),
    BUILD_AGAIN,
)
UNSAFE_CONTENT = Kind(
    "package-unsafe",
    "error",
    N_("パッケージの中の「%(file)s」に、許されない HTML か図があります。"),
    BUILD_AGAIN,
)


class PackageInvalid(Exception):
    """Nothing of the package may be used. `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = in_order(problems)


@dataclass(frozen=True)
class Package:
    """A verified package."""

    manifest: Manifest
    files: Mapping[str, bytes]
    pages: Mapping[str, Mapping[str, str]]
    quizzes: Mapping[str, Quiz]

    def sections(self, module_id: str) -> Mapping[str, str]:
        """Section id → HTML, in order. Raise KeyError when there is no such module."""
        return self.pages[self.manifest.module(module_id).id]

    def introduction(self) -> Mapping[str, str]:
        return self.pages[INTRODUCTION]

    def quiz(self, module_id: str) -> Quiz:
        """Raise KeyError when there is no such module."""
        return self.quizzes[module_id]

    def read(self, path: str) -> bytes:
        """Raise KeyError when the package has no such file."""
        return self.files[path]


def open_package(data: bytes) -> Package:
    """Raise PackageInvalid unless every digest is right and nothing is missing, extra or unsafe."""
    files = unpack(data)
    manifest = read_manifest(files)
    refuse_if(file_problems(manifest, files))
    package = Package(manifest, files, read_pages(manifest, files), read_quizzes(manifest, files))
    refuse_if(content_problems(package))
    return package


def refuse(kind: Kind, **values: object) -> NoReturn:
    raise PackageInvalid([problem(kind, **values)])


def refuse_if(problems: Iterator[Problem]) -> None:
    found = list(problems)
    if found:
        raise PackageInvalid(found)


def problem(kind: Kind, **values: object) -> Problem:
    return Problem(kind, Place(str(values.get("file", MANIFEST))), values)


def unpack(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refuse_if(entry_problems(archive.infolist()))
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        refuse(BROKEN)


def entry_problems(entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    """Before anything is unpacked. Sizes are what the entries claim; reading stops there."""
    whole, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_FILES or whole > LARGEST_FILES or whole > LARGEST_RATIO * max(packed, 10_000):
        yield problem(TOO_LARGE, files=MOST_FILES, bytes=LARGEST_FILES)
    seen: set[str] = set()
    for entry in entries:
        if not is_plain(entry.filename):
            yield problem(UNSAFE_NAME, file=entry.filename)
        if entry.filename in seen:
            yield problem(DUPLICATE, file=entry.filename)
        seen.add(entry.filename)


def is_plain(name: str) -> bool:
    """Relative, of plain characters, and leading nowhere else."""
    parts = name.split("/")
    return (
        name.isascii()
        and name.isprintable()
        and not set(r"\:") & set(name)
        and not set(parts) & {"", ".", ".."}
    )


def read_manifest(files: Mapping[str, bytes]) -> Manifest:
    if MANIFEST not in files:
        refuse(FILE_MISSING, file=MANIFEST)
    try:
        manifest = Manifest.model_validate_json(files[MANIFEST])
    except ValidationError as error:
        refuse(BAD_MANIFEST, where=".".join(map(str, error.errors()[0]["loc"])) or "JSON")
    ids = [INTRODUCTION, *(module.id for module in manifest.modules)]
    if len(set(ids)) < len(ids):
        refuse(BAD_MANIFEST, where="modules")
    return manifest


def file_problems(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Problem]:
    required = required_files(module.id for module in manifest.modules)
    for path in sorted((required | set(manifest.files)) - set(files)):
        yield problem(FILE_MISSING, file=path)
    for path in sorted(set(files) - {MANIFEST}):
        if path not in manifest.files or not (path in required or ASSET.fullmatch(path)):
            yield problem(FILE_EXTRA, file=path)
        elif digest(files[path]) != manifest.files[path]:
            yield problem(FILE_CHANGED, file=path)


def read_pages(manifest: Manifest, files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    pages = {}
    for module_id in (INTRODUCTION, *(module.id for module in manifest.modules)):
        try:
            pages[module_id] = split_page(files[page_path(module_id)].decode())
        except ValueError:
            refuse(BAD_CONTENT, file=page_path(module_id))
    return pages


def read_quizzes(manifest: Manifest, files: Mapping[str, bytes]) -> dict[str, Quiz]:
    quizzes = {}
    for module in manifest.modules:
        try:
            quizzes[module.id] = Quiz.model_validate_json(files[quiz_path(module.id)])
        except ValidationError:
            refuse(BAD_CONTENT, file=quiz_path(module.id))
    return quizzes


def content_problems(package: Package) -> Iterator[Problem]:
    manifest = package.manifest
    if content_digest(manifest) != manifest.content_digest:
        yield problem(BAD_CONTENT, file=MANIFEST)
    yield from page_problems(package, INTRODUCTION, manifest.introduction.sections)
    for module in manifest.modules:
        yield from page_problems(package, module.id, module.sections)
        yield from quiz_problems(module, package.quizzes[module.id])
    for path in filter(ASSET.fullmatch, package.files):
        if inspect_figure(package.files[path], path).problems:
            yield problem(UNSAFE_CONTENT, file=path)


def page_problems(
    package: Package, module_id: str, described: tuple[PackagedSection, ...]
) -> Iterator[Problem]:
    page, path = package.pages[module_id], page_path(module_id)
    claimed = [(section.id, section.digest) for section in described]
    found = [
        (
            section.id,
            section_digest(section.title, section.basis, section.sources, page[section.id], package.files),
        )
        for section in described
        if section.id in page
    ]
    if found != claimed or len(page) != len(claimed):
        yield problem(BAD_CONTENT, file=path)
    if not all(is_clean_section(html) for html in page.values()):
        yield problem(UNSAFE_CONTENT, file=path)


def quiz_problems(module: PackagedModule, quiz: Quiz) -> Iterator[Problem]:
    described = (module.id, module.pass_number, module.objectives)
    if described != (quiz.module, quiz.pass_number, packaged_objectives(quiz)):
        yield problem(BAD_CONTENT, file=quiz_path(module.id))
