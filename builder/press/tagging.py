"""What WeasyPrint leaves out of a PDF's structure.

It forgets the language of single elements and the scope of a table's heads, describes a link within the
document by the name of its target, keeps a picture with `alt=""` as a figure without a description, tags
a block within a heading as another heading, and what CSS adds to a link as another link, and leaves running
titles and page numbers as text outside of the structure, neither read nor to be skipped.
"""

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags as weasyprint_tags

SCOPES = {"row": "/Row", "col": "/Column"}
NOT_ELEMENTS = ("html", "body")
NEVER_NESTED = ("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6")

_build_box_tree = weasyprint_tags._build_box_tree


def described_box_tree(box: Any, parent: Any, *around: Any) -> Iterator[Any]:
    """WeasyPrint's elements for a box, each with what it left out. Decorative pictures have none."""
    for element in _build_box_tree(box, parent, *around):
        if element["S"] == parent["S"] and element["S"] in NEVER_NESTED:
            element["S"] = "/NonStruct"
        if box.element is not None and box.element_tag not in NOT_ELEMENTS:
            describe(element, box)
        if element["S"] != "/Figure" or "Alt" in element:
            yield element


# The tree is built by recursion through this name; WeasyPrint has no way in from outside that still
# knows which element of the page a part of the structure is.
weasyprint_tags._build_box_tree = described_box_tree


def describe(element: Any, box: Any) -> None:
    language = box.element.get("lang")
    if language and not box.element_tag.endswith("::marker"):
        element["Lang"] = pydyf.String(language)
    if element["S"] == "/TH" and "A" in element:
        element["A"]["Scope"] = SCOPES[box.element.get("scope", "col")]
    if element["S"] == "/Link" and box.link_annotation:
        box.link_annotation["Contents"] = pydyf.String(words(box))
    elif element["S"] == "/Link":
        element["S"] = "/Span"


def words(box: Any) -> str:
    """The text of a box; of a page without its head and foot."""
    if isinstance(box, boxes.MarginBox):
        return ""
    if isinstance(box, boxes.TextBox):
        return str(box.text)
    return "".join(words(child) for child in getattr(box, "children", ()))


def mark_artefacts(_document: object, pdf: pydyf.PDF) -> None:
    """Content that no element of the structure names is there for the eye only, and says so."""
    objects = {thing.reference: thing for thing in pdf.objects if getattr(thing, "number", None)}
    root = objects[pdf.catalog["StructTreeRoot"]]
    named = set(elements(root["K"][0], objects))
    content_map = objects[root["ParentTree"]]["Nums"]
    owners = dict(zip(content_map[::2], content_map[1::2], strict=True))
    for page in (objects[reference] for reference in pdf.page_references):
        owner_of = owners[page["StructParents"]]
        unread = {number for number, owner in enumerate(owner_of) if owner not in named}
        mark(objects[page["Contents"]].stream, unread)
        owner_of[:] = ["null" if number in unread else owner for number, owner in enumerate(owner_of)]


def elements(reference: bytes, objects: dict[bytes, Any]) -> Iterator[bytes]:
    """The element and all below it. Other kids are numbers of content, and links."""
    yield reference
    for kid in objects[reference].get("K", ()):
        if isinstance(kid, bytes) and objects[kid].get("Type") == "/StructElem":
            yield from elements(kid, objects)


def mark(stream: list[Any], unread: set[int]) -> None:
    for position, operand in enumerate(stream):
        if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in unread:
            stream[position - 1] = "/Artifact"
            stream[position] = pydyf.Dictionary({"Type": "/Pagination"})
