"""XML of strangers: no document type, no entities, no network."""

from __future__ import annotations

from lxml import etree

from sources.readers.refusals import broken, document_type


def parse_xml(data: bytes) -> etree._Element:
    """The root element. Raises RefusedFile: unsafe where it declares a document type, unreadable where it is broken."""
    refuse_doctype(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
                             remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise broken() from error


def refuse_doctype(data: bytes) -> None:
    """Raises RefusedFile (unsafe) where the XML declares a document type or entities: no Office program writes them."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", errors="replace").encode()
    if b"<!DOCTYPE" in data:
        raise document_type()


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace: transitional and strict Office files differ only in that."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute of that local name, whatever its namespace."""
    plain = element.get(name)
    if plain is not None:
        return plain
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)


def whole(text: str | None, default: int) -> int:
    """The number that an attribute holds, `default` where there is none. Raises RefusedFile where it is no number."""
    try:
        return default if text is None else int(text)
    except ValueError as error:
        raise broken() from error
