"""A course package from sources, without printing: the PDFs in it are a few bytes."""

import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from builder.checks import check_folder
from builder.digests import canonical, digest
from builder.model.release import as_file, release_of
from builder.package import open_package
from builder.package.writing import content_files, describe, write_package
from builder.rendering.course import render_course

ROOT = Path(__file__).parent.parent.parent
Contents = dict[str, bytes]
"""Of a package: file name → bytes."""

PDF = b"%PDF-1.7 not printed in this test\n"


def package_of(root: Path) -> bytes:
    course, problems = check_folder(root)
    assert course is not None, problems
    rendered = render_course(course, root)
    files = content_files(rendered)
    return write_package(describe(rendered, files), files, {"handout.pdf": PDF, "summary.pdf": PDF})


@cache
def real_course() -> bytes:
    """The course that this project is about."""
    return package_of(ROOT)


Edit = tuple[str, str]
"""Old text, new text."""


def next_release(folder: Path, number: str, changes: Mapping[str, Edit | list[Edit]]) -> bytes:
    """The real course as it would follow release 1.0.0. `changes`: file → what is edited in it."""
    for name in ("course", "modules", "quizzes"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "course" / "releases").mkdir(exist_ok=True)
    first = release_of(open_package(real_course()).manifest)
    (folder / "course" / "releases" / "1.0.0.json").write_text(as_file(first), "utf-8")
    numbered = {"course/course.yaml": ("release: 1.0.0", f"release: {number}")}
    for path, edits in {**numbered, **changes}.items():
        text = (folder / path).read_text("utf-8")
        for old, new in edits if isinstance(edits, list) else [edits]:
            assert old in text, f"{path} has no {old!r}"
            text = text.replace(old, new, 1)
        (folder / path).write_text(text, "utf-8")
    return package_of(folder)


def unpacked(data: bytes) -> Contents:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Contents, *more: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*files.items(), *more]:
            archive.writestr(name, content)
    return buffer.getvalue()


def listed(files: Contents) -> Contents:
    """The files with a list that is right about each of them, as a forger would write it."""
    manifest = json.loads(files["course.json"])
    manifest["files"] = {name: digest(content) for name, content in files.items() if name != "course.json"}
    return files | {"course.json": canonical(manifest)}
