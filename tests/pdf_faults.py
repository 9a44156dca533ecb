"""What keeps a PDF from being read by ear, found in its structure: the demands of PDF/UA-1 that can be seen
without looking at the page."""

from collections.abc import Iterator
from itertools import pairwise

import pikepdf

from tests import pdf_reading

PARTS = {
    "L": {"LI", "L", "Caption"},
    "LI": {"Lbl", "LBody"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
}
"""What a list or a table may hold."""

PAINTING = {"Tj", "TJ", "Do", "sh", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "BI"}


def faults(pdf: pikepdf.Pdf) -> list[str]:
    return [fault for check in CHECKS for fault in check(pdf)]


def says_what_it_is(pdf: pikepdf.Pdf) -> Iterator[str]:
    if not str(pdf.docinfo.get("/Title", "")) or not pdf.Root.ViewerPreferences.DisplayDocTitle:
        yield "has no title, or does not show it"
    if str(pdf.Root.get("/Lang", "")) != "ja":
        yield f"is in the language {pdf.Root.get('/Lang')}"
    if not pdf.Root.MarkInfo.Marked or b"pdfuaid:part" not in pdf.Root.Metadata.read_bytes():
        yield "does not claim to be PDF/UA"


def headings_go_down_by_one(pdf: pikepdf.Pdf) -> Iterator[str]:
    levels = [int(tag[1]) for tag in pdf_reading.tags(pdf) if tag[0] == "H" and tag[1:].isdigit()]
    if levels[:1] != [1]:
        yield f"begins with headings {levels[:1]}"
    for one, following in pairwise(levels):
        if following > one + 1:
            yield f"H{following} follows H{one}"


def headings_and_paragraphs_hold_none_of_their_own(pdf: pikepdf.Pdf) -> Iterator[str]:
    for element in pdf_reading.structure(pdf):
        tag = str(element.S)[1:]
        if tag == "P" or (tag[0] == "H" and tag[1:].isdigit()):
            inside = [part for part in pdf_reading.elements(element) if part.S == element.S]
            yield from (f"{tag} within {tag}" for _ in inside[1:])


def pictures_are_described(pdf: pikepdf.Pdf) -> Iterator[str]:
    for element in pdf_reading.structure(pdf):
        if element.S == "/Figure" and not str(element.get("/Alt", "")):
            yield "a figure has no alternative text"


def heads_of_tables_have_a_scope(pdf: pikepdf.Pdf) -> Iterator[str]:
    for table in pdf_reading.structure(pdf):
        if table.S != "/Table":
            continue
        cells = [element for element in pdf_reading.elements(table) if element.S in ("/TH", "/TD")]
        heads = [cell for cell in cells if cell.S == "/TH"]
        if not heads:
            yield "a table has no heads"
        for head in heads:
            if str(head.get("/A", {}).get("/Scope", "")) not in ("/Row", "/Column"):
                yield "a head of a table has no scope"
        ids = {str(head.get("/ID", "")) for head in heads}
        for cell in cells:
            named = {str(name) for name in cell.get("/A", {}).get("/Headers", [])}
            if named - ids:
                yield "a cell names heads that are not there"


def lists_and_tables_hold_their_own_parts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for element in pdf_reading.structure(pdf):
        tag = str(element.S)[1:]
        parts = {
            str(kid.S)[1:] for kid in pdf_reading.kids(element) if not isinstance(kid, int) and "/S" in kid
        }
        if tag in PARTS and parts - PARTS[tag]:
            yield f"{tag} holds {sorted(parts - PARTS[tag])}"


def everything_painted_is_read_or_an_artefact(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        marked = 0
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            marked += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
            if operator in PAINTING and not marked:
                yield f"page {number} paints with {operator} outside of everything"


def every_run_belongs_to_one_element(pdf: pikepdf.Pdf) -> Iterator[str]:
    """By the structure, and by the table that leads from a page back to it."""
    named = pdf_reading.tagged_runs(pdf)
    painted = set(pdf_reading.runs(pdf))
    yield from (f"run {run} is named twice" for run in sorted({run for run in named if named.count(run) > 1}))
    yield from (f"run {run} is in no element" for run in sorted(painted - set(named)))
    yield from (f"run {run} is nowhere on the page" for run in sorted(set(named) - painted))
    for run, owner in pdf_reading.owners(pdf).items():
        if (run in painted) != (owner is not None):
            yield f"run {run} does not lead back"
        elif owner is not None and run[1] not in pdf_reading.kids(owner):
            yield f"run {run} leads back to another's element"


def links_are_described_and_read(pdf: pikepdf.Pdf) -> Iterator[str]:
    read = {
        kid.Obj.objgen
        for element in pdf_reading.structure(pdf)
        if element.S == "/Link"
        for kid in pdf_reading.kids(element)
        if not isinstance(kid, int) and kid.get("/Type") == "/OBJR"
    }
    for page in pdf.pages:
        for link in page.get("/Annots", []):
            if not str(link.get("/Contents", "")):
                yield "a link is not described"
            if link.objgen not in read:
                yield "a link is in no element"


def another_language_is_named(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Text without any Japanese letter, of more than a few words, is not Japanese."""
    text = pdf_reading.runs(pdf)
    for language, run in pdf_reading.runs_with_language(pdf):
        words = text.get(run, "")
        if language == "ja" and words.isascii() and words.count(" ") > 3 and "://" not in words:
            yield f"「{words}」 is said to be Japanese"


def no_page_ends_with_a_heading(pdf: pikepdf.Pdf) -> Iterator[str]:
    last = {page: heading for heading, (page, _) in pdf_reading.runs_with_heading(pdf)}
    yield from (f"page {page + 1} ends with {heading}" for page, heading in last.items() if heading)


CHECKS = (
    says_what_it_is,
    headings_go_down_by_one,
    headings_and_paragraphs_hold_none_of_their_own,
    pictures_are_described,
    heads_of_tables_have_a_scope,
    lists_and_tables_hold_their_own_parts,
    everything_painted_is_read_or_an_artefact,
    every_run_belongs_to_one_element,
    links_are_described_and_read,
    another_language_is_named,
    no_page_ends_with_a_heading,
)
