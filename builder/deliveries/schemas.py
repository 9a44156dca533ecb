"""Holds a manifest against the XML schemas of its standard, from a folder of whoever has them.

They are not ours to pass on; systems and publishers of standards give them out.
"""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from builder.language import N_
from builder.model.problem import Kind, Place, Problem

XSD = "http://www.w3.org/2001/XMLSchema"
XML = "http://www.w3.org/XML/1998/namespace"
XML_SCHEMA = f"""<xs:schema xmlns:xs="{XSD}" targetNamespace="{XML}">
  <xs:attribute name="lang" type="xs:string"/>
  <xs:attribute name="base" type="xs:anyURI"/>
</xs:schema>
"""
"""What manifests use of it. The file that comes with SCORM 1.2 is not well formed."""

OF_XML = re.compile(rb"""targetNamespace\s*=\s*["']http://www\.w3\.org/XML/1998/namespace["']""")

MOST = 5
"""Faults that are named: what follows from one may be many."""

FAULT = Kind(
    "delivery-schema",
    "error",
    N_("%(manifest)s が規格のスキーマに合いません（%(line)d 行目：%(reason)s）。"),
    N_("作った人に、規格どおりのものを頼みます。読み込めない学習システムがあります。"),
)
NO_SCHEMA = Kind(
    "delivery-schema-missing",
    "error",
    N_("%(folder)s に、%(manifest)s のスキーマ（.xsd）がありません。"),
    N_("規格のスキーマの .xsd を、この一つのフォルダに置いて、もう一度確かめます。"),
)
NOT_READABLE = Kind(
    "delivery-schema-unreadable",
    "error",
    N_("%(folder)s のスキーマを読めません（%(reason)s）。"),
    N_("規格を出している所から、.xsd をもう一度もらいます。配布物が悪いのではありません。"),
)


def schema_problems(manifest: bytes, name: str, folder: Path) -> list[Problem]:
    """`manifest`: without DTD and entities, as `verification` has seen. `folder`: with .xsd files."""
    document = etree.fromstring(manifest, _parser())
    try:
        with tempfile.TemporaryDirectory() as place:
            schema = _schema(document, _readable(folder, Path(place)))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        return [Problem(NOT_READABLE, Place(name), {"folder": folder.name, "reason": str(error)})]
    if schema is None:
        return [Problem(NO_SCHEMA, Place(name), {"manifest": name, "folder": folder.name})]
    schema.validate(document)
    return [
        Problem(FAULT, Place(name), {"manifest": name, "line": fault.line, "reason": fault.message})
        for fault in list(schema.error_log)[:MOST]
    ]


@dataclass(frozen=True)
class _File:
    path: Path
    namespace: str


def _readable(folder: Path, place: Path) -> list[_File]:
    """Copies beside each other, for they name each other so."""
    found = []
    for file in sorted(folder.glob("*.xsd")):
        content = file.read_bytes()
        copy = place / file.name
        copy.write_bytes(XML_SCHEMA.encode() if OF_XML.search(content) else content)
        found.append(_File(copy, etree.parse(copy, _parser()).getroot().get("targetNamespace", "")))
    return found


def _schema(document: etree._Element, known: Iterable[_File]) -> etree.XMLSchema | None:
    """Of the namespaces that the document uses: others may hold what no reader takes. None without its own.

    Raises lxml's errors where a file is no schema.
    """
    elements = list(document.iter(etree.Element))
    used = {etree.QName(element).namespace for element in elements}
    used |= {etree.QName(name).namespace for element in elements for name in element.attrib}
    root = etree.Element(f"{{{XSD}}}schema")
    chosen = {file.namespace: file for file in sorted(known, key=lambda file: -len(file.path.name))}
    for namespace in sorted(used & set(chosen) - {XML, ""}, key=str):
        location = chosen[namespace].path.as_uri()
        etree.SubElement(root, f"{{{XSD}}}import", namespace=namespace, schemaLocation=location)
    return etree.XMLSchema(root) if etree.QName(document).namespace in chosen else None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
