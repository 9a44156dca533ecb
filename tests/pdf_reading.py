"""A PDF read as a screen reader does: by its structure, and by what its fonts say of their glyphs."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf

Run = tuple[int, int]
"""Page, counted from 0, and number of a run of marked content on it."""

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


def tagged_runs(pdf: pikepdf.Pdf) -> list[Run]:
    """Every run of marked content that the structure names, in reading order."""
    return [run for _, run in _inherited(pdf, lambda element, above: above)]


def runs_with_language(pdf: pikepdf.Pdf) -> list[tuple[str, Run]]:
    """The language that stands nearest above each run."""
    language = str(pdf.Root.get("/Lang", ""))
    return _inherited(pdf, lambda element, above: str(element.get("/Lang", above)), language)


def runs_with_heading(pdf: pikepdf.Pdf) -> list[tuple[str, Run]]:
    """The heading that each run is part of, as `H2`; empty for most."""
    return _inherited(pdf, lambda element, above: _heading(element) or above)


def runs(pdf: pikepdf.Pdf) -> dict[Run, str]:
    """Every run of marked content that has a number → its text."""
    return {
        (number, run): text
        for number, page in enumerate(pdf.pages)
        for run, text in _runs_of(page)
        if run is not None
    }


def text_of(pdf: pikepdf.Pdf, element: Any) -> str:
    """All that is read of an element."""
    text = runs(pdf)
    return "".join(text[run] for _, run in _inherited(pdf, lambda _, above: above, root=element))


def artefacts(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """Page, counted from 0, and text of whatever is there for the eye only."""
    return [
        (number, text)
        for number, page in enumerate(pdf.pages)
        for run, text in _runs_of(page)
        if run is None and text
    ]


def owners(pdf: pikepdf.Pdf) -> dict[Run, Any]:
    """The element to which the page's own table says that a run belongs."""
    nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    table = {int(key): owners for key, owners in zip(nums[::2], nums[1::2], strict=True)}
    return {
        (number, run): owner
        for number, page in enumerate(pdf.pages)
        for run, owner in enumerate(table[int(page.StructParents)])
    }


def _inherited(
    pdf: pikepdf.Pdf, passed_on: Callable[[Any, str], str], begin: str = "", root: Any = None
) -> list[tuple[str, Run]]:
    """Every run in reading order, with a value that elements pass on to what they hold."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}

    def walk(element: Any, above: str) -> Iterator[tuple[str, Run]]:
        value = passed_on(element, above)
        for kid in kids(element):
            if isinstance(kid, int):
                yield value, (numbers[element.Pg.objgen], kid)
            elif kid.get("/Type") == "/StructElem":
                yield from walk(kid, value)

    return list(walk(pdf.Root.StructTreeRoot.K[0] if root is None else root, begin))


def _heading(element: Any) -> str:
    tag = str(element.S)[1:]
    return tag if tag[0] == "H" and tag[1:].isdigit() else ""


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


def _runs_of(page: Any) -> Iterator[tuple[int | None, str]]:
    """Number and text of every outermost run; artefacts have no number."""
    letters = {name: _letters(font) for name, font in page.Resources.Font.items()}
    open_runs: list[int | None] = []
    font, found = "", ""
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "BMC" | "BDC" as operator:
                number = operands[1].get("/MCID") if operator == "BDC" else None
                open_runs.append(None if number is None else int(number))
                found = "" if len(open_runs) == 1 else found
            case "Tf":
                font = str(operands[0])
            case "TJ" | "Tj":
                found += "".join(_decoded(piece, letters[font]) for piece in _strings(operands[0]))
            case "EMC":
                run = open_runs.pop()
                if not open_runs:
                    yield run, found


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
