"""Source files as text: UTF-8, of a sane size, without control characters."""

import os
import re
from pathlib import Path
from stat import S_ISREG

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
NOT_A_FILE = Kind(
    "file-other",
    "error",
    N_("「%(file)s」はファイルではありません（フォルダなどです）。"),
    N_("フォルダなどを別の場所に移し、この名前でファイルを置きます。"),
)
OUTSIDE = Kind(
    "file-outside",
    "error",
    N_("「%(file)s」は、コースのフォルダの外にあるファイルを指しています（シンボリックリンク）。"),
    N_("指している元のファイルを、ここに写します。"),
)
EMPTY = Kind(
    "file-empty",
    "error",
    N_("ファイルが空です。"),
    N_("中身を書いて保存します。ほかのモジュールのファイルが見本になります。"),
)
NOT_TEXT = Kind(
    "file-not-text",
    "error",
    N_("文字だけのファイルではありません。"),
    N_("画像や Word の文書などに、この名前を付けていないか確かめます。"),
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
SHIFT_JIS = Kind(
    "file-encoding",
    "error",
    N_("文字コードが Shift_JIS です。UTF-8 ではありません。"),
    N_("エディタの「名前を付けて保存」で、文字コードに UTF-8 を選びます。"),
)
UTF_16 = Kind(
    "file-encoding",
    "error",
    N_("文字コードが UTF-16 です（メモ帳などで「Unicode」と出るもの）。UTF-8 ではありません。"),
    N_("エディタの「名前を付けて保存」で、文字コードに UTF-8 を選びます。"),
)
CONTROL_CHARACTER = Kind(
    "file-control-character",
    "error",
    N_("目に見えない制御文字（U+%(character)s）があります。"),
    N_("その文字を消します。ほかのソフトから貼り付けたときに入ることがあります。"),
)

OTHER_FORMATS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How pictures, PDFs and documents of office programs begin."""

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class Unusable(Exception):
    """A file, or a part of one, of which nothing can be used. Carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_text(root: Path, path: str) -> str:
    """The text of a file, with line ends as `\\n` and without byte-order mark. Raises Unusable."""
    text = decode(read_bytes(root, path), path)
    if not text.strip():
        raise Unusable(Problem(EMPTY, Place(path)))
    found = CONTROL.search(text)
    if found:
        place = Place(path, *line_and_column(text, found.start()))
        raise Unusable(Problem(CONTROL_CHARACTER, place, {"character": f"{ord(found.group()):04X}"}))
    return text


def read_bytes(root: Path, path: str) -> bytes:
    """Raises Unusable unless it is a file of the course, of a sane size."""
    try:
        refuse_other_than_files(root, path)
        return (root / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise Unusable(Problem(MISSING, Place(path), {"file": path})) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unusable(Problem(UNREADABLE, Place(path), {"file": path, "reason": reason})) from None


def refuse_other_than_files(root: Path, path: str) -> None:
    """Before anything is read: some files never end, and some are not the course's."""
    found = (root / path).stat()
    if may_lead_out(root, path) and not Path(os.path.realpath(root / path)).is_relative_to(
        os.path.realpath(root)
    ):
        raise Unusable(Problem(OUTSIDE, Place(path), {"file": path}))
    if not S_ISREG(found.st_mode):
        raise Unusable(Problem(NOT_A_FILE, Place(path), {"file": path}))
    if found.st_size > LARGEST_FILE:
        raise Unusable(Problem(TOO_LARGE, Place(path), {"size": found.st_size, "limit": LARGEST_FILE}))


def may_lead_out(root: Path, path: str) -> bool:
    """Only by a link or a step up: to ask where a path really leads takes five times as long."""
    names = path.split("/")
    steps = (os.path.join(root, *names[: i + 1]) for i in range(len(names)))
    return path.startswith("/") or ".." in names or any(map(os.path.islink, steps))


def decode(data: bytes, path: str) -> str:
    if data.startswith(OTHER_FORMATS) or (b"\0\0" in data and not data.startswith(UTF_16_MARKS)):
        raise Unusable(Problem(NOT_TEXT, Place(path)))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data[: error.start].decode("utf-8-sig")
        raise Unusable(
            Problem(encoding_of(data), Place(path, *line_and_column(readable, len(readable))))
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def encoding_of(data: bytes) -> Kind:
    """What is to be said of a file that is not UTF-8."""
    if data.startswith(UTF_16_MARKS):
        return UTF_16
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return ENCODING
    return SHIFT_JIS if JAPANESE.search(text) else ENCODING


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
