"""A PDF read as a screen reader does: by its structure, and by what its fonts say of their glyphs."""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

HEX = r"<([0-9A-Fa-f ]+)>"


def structure(pdf: pikepdf.Pdf) -> list[Any]:
    """Every element of the structure tree, in reading order."""
    return list(elements(pdf.Root.StructTreeRoot.K[0]))


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S)[1:] for element in structure(pdf)]


def read_aloud(pdf: pikepdf.Pdf) -> list[str]:
    """Every run of text that the structure names, in reading order."""
    text = runs(pdf)
    return [text[run] for run in tagged_runs(pdf) if run in text]


def tagged_runs(pdf: pikepdf.Pdf) -> list[tuple[int, int]]:
    """Page, counted from 0, and number of every run of marked content that the structure names."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
    return [
        (numbers[element.Pg.objgen], kid)
        for element in structure(pdf)
        for kid in kids(element)
        if isinstance(kid, int)
    ]


def runs(pdf: pikepdf.Pdf) -> dict[tuple[int, int], str]:
    """Page and number of every run of marked content → its text."""
    return {(number, run): text for number, page in enumerate(pdf.pages) for run, text in _runs_of(page)}


def fonts(pdf: pikepdf.Pdf) -> dict[str, Any]:
    return {str(font.BaseFont): font for font in pdf.pages[0].Resources.Font.values()}


def elements(element: Any) -> Iterator[Any]:
    yield element
    for kid in kids(element):
        if not isinstance(kid, int) and kid.get("/Type") == "/StructElem":
            yield from elements(kid)


def kids(element: Any) -> list[Any]:
    """Elements, references to links, and numbers of runs."""
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _runs_of(page: Any) -> Iterator[tuple[int, str]]:
    letters = {name: _letters(font) for name, font in page.Resources.Font.items()}
    run, font, found = None, "", ""
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "BDC":
                run, found = int(operands[1]["/MCID"]), ""
            case "Tf":
                font = str(operands[0])
            case "TJ" | "Tj":
                found += "".join(_decoded(piece, letters[font]) for piece in _strings(operands[0]))
            case "EMC" if run is not None:
                yield run, found
                run = None


def _strings(operand: Any) -> Iterator[bytes]:
    pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
    for piece in pieces:
        if isinstance(piece, pikepdf.String):
            yield bytes(piece)


def _decoded(glyphs: bytes, letters: dict[int, str]) -> str:
    codes = (int.from_bytes(glyphs[at : at + 2], "big") for at in range(0, len(glyphs), 2))
    return "".join(letters[code] for code in codes)


def _letters(font: Any) -> dict[int, str]:
    """Glyph → text, by the font's own table."""
    table = bytes(font.ToUnicode.read_bytes()).decode()
    pairs = re.findall(rf"{HEX}\s*{HEX}\s*\n", table)
    return {int(glyph, 16): bytes.fromhex(letter).decode("utf-16-be") for glyph, letter in pairs}
