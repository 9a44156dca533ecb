"""Source files as text: UTF-8, of a sane size, without control characters."""

import re
from pathlib import Path

from builder.language import N_
from builder.model.problem import Kind, Place, Problem

LARGEST_FILE = 1_000_000

MISSING = Kind(
    "file-missing",
    "error",
    N_("ファイル「%(file)s」がありません。"),
    N_("この名前でファイルを作ります。"),
)
UNREADABLE = Kind(
    "file-unreadable",
    "error",
    N_("ファイル「%(file)s」を読めません（%(reason)s）。"),
    N_("読み取りの許可を確かめます。"),
)
TOO_LARGE = Kind(
    "file-too-large",
    "error",
    N_("ファイルが大きすぎます（%(size)d バイト）。%(limit)d バイトまでです。"),
    N_("内容を分けるか、間違ったファイルを置いていないか確かめます。"),
)
ENCODING = Kind(
    "file-encoding",
    "error",
    N_("文字コードが UTF-8 ではありません。"),
    N_("エディタの「名前を付けて保存」で文字コードに UTF-8 を選びます。Shift_JIS や UTF-16 は使えません。"),
)
CONTROL_CHARACTER = Kind(
    "file-control-character",
    "error",
    N_("目に見えない制御文字（U+%(character)s）があります。"),
    N_("その文字を消します。ほかのソフトから貼り付けたときに入ることがあります。"),
)

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class Unusable(Exception):
    """A file, or a part of one, of which nothing can be used. Carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_text(root: Path, path: str) -> str:
    """The text of a file, with line ends as `\\n` and without byte-order mark. Raises Unusable."""
    text = decode(read_bytes(root, path), path)
    found = CONTROL.search(text)
    if found:
        place = Place(path, *line_and_column(text, found.start()))
        raise Unusable(Problem(CONTROL_CHARACTER, place, {"character": f"{ord(found.group()):04X}"}))
    return text


def read_bytes(root: Path, path: str) -> bytes:
    """Raises Unusable when there is no such file or it is too large."""
    try:
        data = (root / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise Unusable(Problem(MISSING, Place(path), {"file": path})) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unusable(Problem(UNREADABLE, Place(path), {"file": path, "reason": reason})) from None
    if len(data) > LARGEST_FILE:
        raise Unusable(Problem(TOO_LARGE, Place(path), {"size": len(data), "limit": LARGEST_FILE}))
    return data


def decode(data: bytes, path: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode("utf-8-sig")
        raise Unusable(Problem(ENCODING, Place(path, *line_and_column(readable, len(readable))))) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
