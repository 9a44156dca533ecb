"""What is wrong with a delivery, ours or another's. Nothing in it is trusted, nothing is unpacked to disk."""

import io
import posixpath
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from builder.deliveries.running import Unit, is_ours, run
from builder.deliveries.schemas import schema_problems
from builder.language import N_
from builder.model.problem import Kind, Place, Problem

MOST_FILES = 100_000
LARGEST_FILES = 2_000_000_000
LARGEST_RATIO = 200
SCORM_MANIFEST, CMI5_STRUCTURE = "imsmanifest.xml", "cmi5.xml"
SCORM_VERSIONS = {"1.2": "SCORM 1.2", "2004 4th Edition": "SCORM 2004 4th Edition"}
FETCHED = {"link": "href"} | dict.fromkeys(("img", "script", "iframe", "source", "video", "audio"), "src")
"""Element → the attribute by which a browser fetches without being asked."""

ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
OUTSIDE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
INLINE = re.compile(r"(?i)data:|blob:|about:")

ASK_AGAIN = N_("作った人に、作り直したファイルを頼みます。学習システムには入れません。")
BROKEN = Kind(
    "delivery-broken",
    "error",
    N_("配布物として読めません（zip ファイルではないか、壊れているか、暗号化されています）。"),
    ASK_AGAIN,
)
TOO_LARGE = Kind(
    "delivery-too-large",
    "error",
    N_("配布物が大きすぎるか、小さく見せかけてあります。"),
    N_("ファイルは %(files)d 個まで、展開した大きさは %(bytes)d バイトまでです。"),
)
UNSAFE_NAME = Kind(
    "delivery-name", "error", N_("配布物の外を指すファイル名「%(file)s」があります。"), ASK_AGAIN
)
LINK = Kind(
    "delivery-link", "error", N_("「%(file)s」はファイルではなく、別の場所へのリンクです。"), ASK_AGAIN
)
DUPLICATE = Kind("delivery-duplicate", "error", N_("「%(file)s」が二つあります。"), ASK_AGAIN)
NESTED = Kind(
    "delivery-nested",
    "error",
    N_("「%(file)s」は、中に別の書庫を隠しています。"),
    N_("学習システムは中を確かめられません。中のファイルを直接入れた配布物にします。"),
)
UNKNOWN = Kind(
    "delivery-unknown",
    "error",
    N_("何の配布物か分かりません（imsmanifest.xml も cmi5.xml も index.html もありません）。"),
    N_("フォルダごと圧縮していないか確かめます。どれかが、いちばん上にあります。"),
)
BAD_MANIFEST = Kind(
    "delivery-manifest",
    "error",
    N_("%(manifest)s を読めません（%(reason)s）。"),
    ASK_AGAIN,
)
UNSAFE_XML = Kind(
    "delivery-xml-unsafe",
    "error",
    N_("%(manifest)s が DTD か実体（entity）を使っています。"),
    N_(
        "読むだけで外のファイルを開かせることができるので、受け取りません。作った人に、使わない形を頼みます。"
    ),
)
VERSION = Kind(
    "delivery-version",
    "error",
    N_("SCORM の版「%(given)s」は確かめられません。"),
    N_("SCORM 1.2 か SCORM 2004 4th Edition のものを使います。"),
)
NO_LAUNCH = Kind(
    "delivery-launch-missing",
    "error",
    N_("%(manifest)s に、開くページがありません。"),
    ASK_AGAIN,
)
FILE_MISSING = Kind(
    "delivery-file-missing",
    "error",
    N_("%(manifest)s にある「%(file)s」が、配布物の中にありません。"),
    ASK_AGAIN,
)
FILE_UNLISTED = Kind(
    "delivery-file-unlisted",
    "warning",
    N_("「%(file)s」が imsmanifest.xml にありません。"),
    N_("一覧にあるファイルだけを取り込む学習システムでは、表示できないことがあります。"),
)
OUTSIDE_FETCH = Kind(
    "delivery-outside",
    "error",
    N_("「%(file)s」が、外の「%(target)s」を読み込みます。"),
    N_("閉じたネットワークでは表示できません。読み込むものを配布物に入れます。"),
)
DEAD_REFERENCE = Kind(
    "delivery-reference",
    "error",
    N_("「%(file)s」が読み込む「%(target)s」が、配布物の中にありません。"),
    ASK_AGAIN,
)


@dataclass(frozen=True)
class Verified:
    """`form`: what it is, in words; empty where that could not be found out. `has_run`: to its end, as only
    our own player can be asked to.
    """

    form: str
    files: int
    problems: tuple[Problem, ...]
    has_run: bool = False


def verify(data: bytes, name: str, schemas: Path | None = None) -> Verified:
    """`name`: of the file, where what is wrong is wrong with all of it. `schemas`: a folder with those of the
    standards; without it, their manifests are read for what systems need of them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            refused = tuple(_entry_problems(entries, name))
            if refused:
                return Verified("", len(entries), refused)
            files = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        return Verified("", 0, (Problem(BROKEN, Place(name)),))
    form, units, problems = _content(files, name)
    by_schema = _schema_problems(files, schemas) if form and schemas else []
    found = (*_nested(files), *problems, *by_schema, *_references(files))
    if found or not is_ours(files):
        return Verified(form, len(files), found)
    return Verified(form, len(files), tuple(run(files, form, units)), has_run=True)


def _problem(kind: Kind, file: str, **values: object) -> Problem:
    return Problem(kind, Place(file), {"file": file, **values})


def _entry_problems(entries: list[zipfile.ZipInfo], name: str) -> Iterator[Problem]:
    """Before anything is unpacked. Sizes are what the entries claim; reading stops there."""
    whole, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_FILES or whole > min(LARGEST_FILES, LARGEST_RATIO * max(packed, 10_000)):
        yield Problem(TOO_LARGE, Place(name), {"files": MOST_FILES, "bytes": LARGEST_FILES})
    seen: set[str] = set()
    for entry in entries:
        if not _stays_inside(entry.filename):
            yield _problem(UNSAFE_NAME, entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            yield _problem(LINK, entry.filename)
        if entry.filename in seen:
            yield _problem(DUPLICATE, entry.filename)
        seen.add(entry.filename)


def _stays_inside(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    return name.isprintable() and not {"\\", ":"} & set(name) and not {"", ".", ".."} & set(parts)


def _nested(files: Mapping[str, bytes]) -> Iterator[Problem]:
    for path, content in files.items():
        if content.startswith(ARCHIVES):
            yield _problem(NESTED, path)


Content = tuple[str, list[Unit], list[Problem]]
"""What it is, what a learning system opens, and what is wrong."""


def _content(files: Mapping[str, bytes], name: str) -> Content:
    if SCORM_MANIFEST in files:
        return _scorm(files)
    if CMI5_STRUCTURE in files:
        return _cmi5(files)
    if "index.html" in files:
        return "web", [Unit()], []
    return "", [], [Problem(UNKNOWN, Place(name))]


def _scorm(files: Mapping[str, bytes]) -> Content:
    root, problems = _parsed(files, SCORM_MANIFEST)
    if root is None:
        return "", [], problems
    given = next((element.text or "" for element in _named(root, "schemaversion")), "")
    if given not in SCORM_VERSIONS:
        return "", [], [Problem(VERSION, Place(SCORM_MANIFEST), {"given": given})]
    return SCORM_VERSIONS[given], [Unit()], list(_manifest_problems(root, files))


def _cmi5(files: Mapping[str, bytes]) -> Content:
    root, problems = _parsed(files, CMI5_STRUCTURE)
    if root is None:
        return "", [], problems
    opened = [(element.text or "").strip() for element in _named(root, "url")]
    if not opened:
        return "cmi5", [], [Problem(NO_LAUNCH, Place(CMI5_STRUCTURE), {"manifest": CMI5_STRUCTURE})]
    inside = {unquote(url).partition("?")[0] for url in opened if not OUTSIDE.match(url)}
    missing = sorted(inside - set(files))
    values = [{"manifest": CMI5_STRUCTURE, "file": path} for path in missing]
    return "cmi5", list(_units(root)), [Problem(FILE_MISSING, Place(CMI5_STRUCTURE), each) for each in values]


def _units(root: Element) -> Iterator[Unit]:
    for unit in _named(root, "au"):
        url = next(((each.text or "").strip() for each in _named(unit, "url")), "")
        yield Unit(url.partition("?")[2], _number(unit.get("masteryScore", "")))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _parsed(files: Mapping[str, bytes], name: str) -> tuple[Element | None, list[Problem]]:
    """Without DTD, entities and whatever they would open."""
    try:
        return fromstring(files[name], forbid_dtd=True), []
    except DefusedXmlException:
        return None, [Problem(UNSAFE_XML, Place(name), {"manifest": name})]
    except ParseError as error:
        return None, [Problem(BAD_MANIFEST, Place(name), {"manifest": name, "reason": str(error)})]


def _manifest_problems(root: Element, files: Mapping[str, bytes]) -> Iterator[Problem]:
    launched = [element.get("href", "") for element in _named(root, "resource") if _is_sco(element)]
    if not launched:
        yield Problem(NO_LAUNCH, Place(SCORM_MANIFEST), {"manifest": SCORM_MANIFEST})
    listed = {unquote(element.get("href", "")) for element in _named(root, "file")}
    opened = {unquote(href).partition("?")[0].partition("#")[0] for href in launched}
    for path in sorted((listed | opened) - set(files)):
        yield Problem(FILE_MISSING, Place(SCORM_MANIFEST), {"manifest": SCORM_MANIFEST, "file": path})
    for path in sorted(set(files) - listed - {SCORM_MANIFEST}):
        if not path.endswith(".xsd"):
            yield _problem(FILE_UNLISTED, path)


def _is_sco(resource: Element) -> bool:
    return any(
        name.rpartition("}")[2].lower() == "scormtype" and value == "sco"
        for name, value in resource.attrib.items()
    )


def _schema_problems(files: Mapping[str, bytes], folder: Path) -> list[Problem]:
    found = [name for name in (SCORM_MANIFEST, CMI5_STRUCTURE) if name in files]
    return [problem for name in found for problem in schema_problems(files[name], name, folder)]


def _named(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if str(element.tag).rpartition("}")[2] == name)


def _references(files: Mapping[str, bytes]) -> Iterator[Problem]:
    for path, content in files.items():
        if path.lower().endswith((".html", ".htm")):
            for target in _fetched(content.decode("utf-8", "replace")):
                yield from _reference_problems(path, target, files)


def _reference_problems(path: str, target: str, files: Mapping[str, bytes]) -> Iterator[Problem]:
    if OUTSIDE.match(target):
        if not INLINE.match(target):
            yield _problem(OUTSIDE_FETCH, path, target=target)
        return
    wanted = unquote(target).partition("?")[0].partition("#")[0]
    if wanted and posixpath.normpath(posixpath.join(posixpath.dirname(path), wanted)) not in files:
        yield _problem(DEAD_REFERENCE, path, target=target)


def _fetched(html: str) -> list[str]:
    reader = _Fetches()
    reader.feed(html)
    return reader.targets


class _Fetches(HTMLParser):
    """Collects what a browser would fetch for a page by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        target = dict(attributes).get(FETCHED.get(tag, ""))
        if target and not (tag == "link" and dict(attributes).get("rel") in ("canonical", "license")):
            self.targets.append(target.strip())
