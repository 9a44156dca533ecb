"""Figures are SVG files that only draw: shapes and text. Whatever could act or reach out is refused."""

import re
from dataclasses import dataclass
from io import BytesIO
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, ErrorHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import parse

from builder.language import N_
from builder.model.problem import Kind, Place, Problem

BROKEN = Kind(
    "figure-broken",
    "error",
    N_("図を SVG として読めません。"),
    N_("作図のソフトから、もう一度 SVG で書き出します。"),
)
OTHER_ENCODING = Kind(
    "figure-broken",
    "error",
    N_("図の一行目の encoding が UTF-8 ではありません。"),
    N_('一行目を <?xml version="1.0" encoding="UTF-8"?> にし、ファイルも UTF-8 で保存します。'),
)
UNSAFE_ELEMENT = Kind(
    "figure-unsafe",
    "error",
    N_("図に、使えない要素 <%(name)s> があります。"),
    N_("図形と文字の要素だけを使います。スクリプト、リンク、画像、スタイルは使えません。"),
)
UNSAFE_ATTRIBUTE = Kind(
    "figure-unsafe",
    "error",
    N_("図の <%(element)s> に、使えない属性 %(name)s があります。"),
    N_("属性を消します。色や線は fill や stroke などの属性で指定します。"),
)
UNSAFE_VALUE = Kind(
    "figure-unsafe",
    "error",
    N_("図の <%(element)s> の属性 %(name)s が、図の外を指しています。"),
    N_("図の中の id を、url(#id) の形で指します。"),
)
UNSAFE_INSTRUCTION = Kind(
    "figure-unsafe",
    "error",
    N_("図に、使えない処理命令 <?%(name)s?> があります。"),
    N_("その行を消します。"),
)
UNSAFE_DOCTYPE = Kind(
    "figure-unsafe",
    "error",
    N_("図に、使えない文書型宣言（DOCTYPE）があります。"),
    N_("<!DOCTYPE …> の行を消します。"),
)
EDITORS_OWN = Kind(
    "figure-unsafe",
    "error",
    N_("図に、作図のソフトだけが使う書き込み（%(name)s など）が残っています。"),
    N_("作図のソフトで「プレーン SVG」か「最適化 SVG」を選んで保存し直します。"),
)
NO_NAMESPACE = Kind(
    "figure-namespace",
    "error",
    N_("図の <svg> に xmlns がありません。このままでは画面に何も出ません。"),
    N_('<svg の後に xmlns="http://www.w3.org/2000/svg" を書きます。'),
)
NO_SIZE = Kind(
    "figure-size",
    "error",
    N_("図の <svg> に viewBox がありません。"),
    N_('大きさを viewBox="0 0 幅 高さ" の形で書きます。'),
)

NAMESPACE = "http://www.w3.org/2000/svg"
ELEMENTS = """
    svg g defs title desc rect circle ellipse line polyline polygon path text tspan
    marker linearGradient radialGradient stop clipPath
"""
ATTRIBUTES = """
    xmlns version id viewBox preserveAspectRatio width height x y x1 x2 y1 y2 dx dy cx cy r rx ry d points
    transform fill fill-opacity fill-rule stroke stroke-width stroke-dasharray stroke-linecap
    stroke-linejoin stroke-miterlimit stroke-opacity opacity color paint-order clip-path clip-rule
    font-family font-size font-style font-weight letter-spacing text-anchor dominant-baseline
    alignment-baseline writing-mode textLength lengthAdjust gradientUnits gradientTransform offset
    stop-color stop-opacity markerWidth markerHeight markerUnits refX refY orient marker-start
    marker-mid marker-end role aria-label aria-labelledby aria-describedby aria-hidden lang xml:lang
"""
EDITORS = ("inkscape", "sodipodi", "rdf", "cc", "dc", "sketch", "serif", "figma", "xlink", "svg")
ALLOWED_ELEMENTS = frozenset(ELEMENTS.split())
ALLOWED_ATTRIBUTES = frozenset(ATTRIBUTES.split())
OUTWARD = re.compile(r"url\s*\(\s*(?!#)|javascript:|data:|\\", re.IGNORECASE)
VIEW_BOX = re.compile(r"\s*\S+\s+\S+\s+(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Figure:
    """A figure that was looked through, and its size in its own units."""

    width: int
    height: int
    problems: tuple[Problem, ...]


def inspect_figure(data: bytes, path: str) -> Figure:
    """`path` is only for the problems' places."""
    reader = Reader(path)
    try:
        parse(BytesIO(data), reader, ErrorHandler(), forbid_dtd=True)
    except SAXParseException as error:
        place = Place(path, error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1)
        reader.problems.append(Problem(BROKEN, place))
    except DefusedXmlException:
        reader.report(UNSAFE_DOCTYPE)
    except (LookupError, ValueError):
        # The first line claims an encoding that the parser does not have.
        reader.problems.append(Problem(OTHER_ENCODING, Place(path, 1, 1)))
    return Figure(reader.width, reader.height, tuple(reader.problems))


class Reader(ContentHandler):
    """Names are taken as they are written, so that no prefix can hide one.

    What is at fault many times is reported once, and nothing is said about what a refused element holds.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.problems: list[Problem] = []
        self.width = self.height = 0
        self.depth = 0
        self.refused_depth = 0

    def startElement(self, name: str, attrs: object) -> None:
        attributes = dict(attrs.items())  # type: ignore[attr-defined]
        self.depth += 1
        if self.refused_depth:
            return
        if not self.is_usable(name):
            self.refused_depth = self.depth
            return
        for attribute, value in attributes.items():
            self.attribute(name, attribute, value)
        if self.depth == 1:
            self.root(attributes)

    def endElement(self, name: str) -> None:
        if self.refused_depth == self.depth:
            self.refused_depth = 0
        self.depth -= 1

    def is_usable(self, name: str) -> bool:
        usable = name in ALLOWED_ELEMENTS and (self.depth > 1 or name == "svg")
        if not usable:
            self.report(EDITORS_OWN if is_editors_own(name) else UNSAFE_ELEMENT, name=name)
        return usable

    def processingInstruction(self, target: str, data: str) -> None:
        self.report(UNSAFE_INSTRUCTION, name=target)

    def attribute(self, element: str, name: str, value: str) -> None:
        if is_editors_own(name):
            self.report(EDITORS_OWN, name=name)
        elif name not in ALLOWED_ATTRIBUTES or (name == "xmlns" and value != NAMESPACE):
            self.report(UNSAFE_ATTRIBUTE, element=element, name=name)
        elif OUTWARD.search(value):
            self.report(UNSAFE_VALUE, element=element, name=name)

    def root(self, attributes: dict[str, str]) -> None:
        if "xmlns" not in attributes:
            self.report(NO_NAMESPACE)
        self.size(attributes.get("viewBox", ""))

    def size(self, view_box: str) -> None:
        found = VIEW_BOX.fullmatch(view_box.replace(",", " "))
        if found:
            self.width, self.height = round(float(found[1])), round(float(found[2]))
        else:
            self.report(NO_SIZE)

    def report(self, kind: Kind, **values: object) -> None:
        if any(met.kind is kind and (kind is EDITORS_OWN or met.values == values) for met in self.problems):
            return
        locator = self._locator  # type: ignore[attr-defined]
        place = Place(self.path, locator.getLineNumber() or 1, (locator.getColumnNumber() or 0) + 1)
        self.problems.append(Problem(kind, place, values))


def is_editors_own(name: str) -> bool:
    """`inkscape:label`, `xmlns:dc` and the like: notes of a drawing program to itself."""
    prefix, _, local = name.partition(":")
    named = local if prefix == "xmlns" else prefix
    return name == "metadata" or (local not in ("", "href") and named in EDITORS)
