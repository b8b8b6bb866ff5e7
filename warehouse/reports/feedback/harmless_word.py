"""Whether a unit's Word document may be handed on: it goes out under the office's name, and its sender may be anyone.

Told by what it may hold, not by what it may not: kinds of parts that are plain text, numbering, looks and pictures, and
fields that only count or refer within the document. A template, an object, a macro, a field that calls out: no copy.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from sources.grids import RefusedFile
from sources.readers.safe_xml import attribute, local_name, parse_xml

_PARTS = frozenset((
    "officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail", "styles",
    "stylesWithEffects", "settings", "webSettings", "fontTable", "theme", "numbering", "header", "footer", "footnotes",
    "endnotes", "comments", "commentsExtended", "commentsIds", "commentsExtensible", "people", "image", "hyperlink",
    "customXml", "customXmlProps"))
_FIELDS = frozenset((
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "PAGEREF", "REF", "NOTEREF", "SEQ", "STYLEREF", "DATE",
    "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "SYMBOL", "TITLE",
    "FILENAME", "MERGEFIELD", "EQ", "LISTNUM", "AUTONUM"))
_WITHIN = re.compile(r"HYPERLINK\s+\\l\b", re.IGNORECASE)     # to a place of the same document


def is_harmless(original: Path) -> bool:
    """Whether the document holds nothing that Word would fetch or run when the copy is opened, but links to click."""
    try:
        with zipfile.ZipFile(original) as archive:
            names = archive.namelist()
            return not any(name.endswith(".bin") or "embeddings/" in name for name in names) and all(
                _is_harmless_part(name, archive.read(name)) for name in names if name.endswith((".rels", ".xml")))
    except RefusedFile:              # XML that is broken or declares entities
        return False


def _is_harmless_part(name: str, content: bytes) -> bool:
    root = parse_xml(content)
    if name.endswith(".rels"):
        return all(_is_harmless_relationship(r) for r in root)
    return all(_WITHIN.match(said) or said.split(maxsplit=1)[0].upper() in _FIELDS if said else False
               for said in _instructions(root))


def _is_harmless_relationship(relationship: etree._Element) -> bool:
    kind = (attribute(relationship, "Type") or "").rpartition("/")[2]
    external = (attribute(relationship, "TargetMode") or "Internal").strip().casefold() != "internal"
    return kind == "hyperlink" if external else kind in _PARTS


def _instructions(root: etree._Element) -> Iterator[str]:
    """What each field is told to do, put together from its pieces; those of a field within another on their own."""
    open_fields: list[str] = []
    for element in root.iter():
        name = local_name(element)
        if name == "fldSimple":
            yield (attribute(element, "instr") or "").strip()
        elif name in ("instrText", "delInstrText"):
            if not open_fields:
                yield (element.text or "").strip()
            else:
                open_fields[-1] += element.text or ""
        elif name == "fldChar":
            kind = attribute(element, "fldCharType")
            if kind == "begin":
                open_fields.append("")
            elif kind == "end" and open_fields:
                yield open_fields.pop().strip()
    yield from (said.strip() for said in open_fields)
