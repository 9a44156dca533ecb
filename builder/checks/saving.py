"""Files as programs and other systems leave them: marks at the beginning, names in pieces."""

import os
from collections.abc import Iterator
from pathlib import Path
from unicodedata import is_normalized, normalize

from builder.language import N_
from builder.model.problem import Kind, Place, Problem
from builder.sources import Sources

BYTE_ORDER_MARK = Kind(
    "file-bom",
    "warning",
    N_("ファイルの始めに BOM（目に見えない印）があります。"),
    N_("読めますが、ほかの道具がつまずくことがあります。エディタで「UTF-8（BOM なし）」を選んで保存します。"),
)
DECOMPOSED = Kind(
    "file-name-decomposed",
    "error",
    N_("ファイル名「%(given)s」の濁点などが、別の文字に分かれています（NFD）。"),
    N_(
        "名前を半角の英数字とハイフンに直します。Mac で付けた日本語の名前は、ほかの機械で別の名前になります。"
    ),
    lowerable=True,
)
FOLDERS = ("course", "modules", "quizzes")
MARK = b"\xef\xbb\xbf"


def check(sources: Sources) -> Iterator[Problem]:
    for path in read_paths(sources):
        with (sources.root / path).open("rb") as file:
            if file.read(len(MARK)) == MARK:
                yield Problem(BYTE_ORDER_MARK, Place(path, 1, 1))
    for path in decomposed_paths(sources.root):
        yield Problem(DECOMPOSED, Place(path), {"given": normalize("NFC", path.rpartition("/")[2])})


def read_paths(sources: Sources) -> Iterator[str]:
    """Of the files that could be read."""
    documents = (sources.file, sources.glossary, *(module.quiz for module in sources.modules))
    yield from (document.path for document in documents if document)
    yield from (lesson.path for lesson in sources.lessons)


def decomposed_paths(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for parent, folders, files in os.walk(root / folder):
            for name in (*folders, *files):
                if not is_normalized("NFC", name):
                    yield Path(parent, name).relative_to(root).as_posix()
