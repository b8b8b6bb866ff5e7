"""Untrusted XML: no document type, no entities, no network."""

from __future__ import annotations

import re

from lxml import etree

from sources.readers.refusals import broken, document_type

_HEAD = 256  # within these first bytes XML declares its encoding
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""")
# UTF-16, 32, EBCDIC, UTF-7
_OTHER_MARKS = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"<\0",
    b"\0<",
    b"\0\0",
    b"Lo\xa7\x94",
    b"+ADw",
)


def parse_xml(data: bytes) -> etree._Element:
    """The root element. Raises RefusedFile: unsafe where it declares a document type, unreadable
    where it is broken."""
    refuse_doctype(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise broken() from error
    # in an encoding that hid it from the search
    if root.getroottree().docinfo.internalDTD is not None:
        raise document_type()
    return root


def refuse_doctype(data: bytes) -> None:
    """Raises RefusedFile (unsafe) where the XML declares a document type or entities: no Office
    program writes them."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", errors="replace").encode()
    if b"<!DOCTYPE" in data:
        raise document_type()


def refuse_other_encodings(part: bytes) -> None:
    """Raises RefusedFile (unreadable) where XML is in another encoding than UTF-8, in which Office
    programs write all.

    To calamine and to a search over the bytes such a sheet is an empty one. What is no XML passes.
    """
    head = part[:_HEAD]
    declared = _DECLARED.match(head)
    if head.startswith(_OTHER_MARKS) or (
        declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
    ):
        raise broken()


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace: transitional and strict Office files differ only in
    that."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def first_child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that local name: what `find` gives, in a third of its time where that is
    the first of all."""
    for child in element:
        # `local_name`, whose call would cost as much again; no tag is a function, as comments are
        # not kept.
        if child.tag.rpartition("}")[2] == name:  # type: ignore[union-attr, arg-type]
            return child
    return None


def properties_of(element: etree._Element | None, name: str) -> dict[str, etree._Element]:
    """What the child of that name (`pPr`, `rPr`) holds, by local names; the first of a name
    counts."""
    properties = None if element is None else first_child(element, name)
    return (
        {} if properties is None else {local_name(child): child for child in reversed(properties)}
    )


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute of that local name, whatever its namespace."""
    plain = element.get(name)
    if plain is not None:
        return plain
    end = f"}}{name}"
    for key, value in element.items():
        if key.endswith(end):
            return value
    return None


def whole(text: str | None, default: int) -> int:
    """The number that an attribute holds, `default` where there is none. Raises RefusedFile where
    it is no number."""
    try:
        return default if text is None else int(text)
    except ValueError as error:
        raise broken() from error
