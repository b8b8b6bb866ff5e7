"""Word's files of one XML: that of 2003 (`w:wordDocument`), and the package of later versions written
as one (`pkg:package`)."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile

from lxml import etree

from sources.campaigns import Limits
from sources.grids import Document, Grid
from sources.readers.packages import Budget, Package
from sources.readers.refusals import broken, other_format
from sources.readers.running_text import document_of_blocks
from sources.readers.safe_xml import attribute, local_name, parse_xml
from sources.readers.word import read_body, read_word
from sources.readers.word_styles import styles_in

_DELETED = ("Word.Deletion", "Word.Comment", "Word.Numbering")
_OWN = "http://schemas.microsoft.com/office/word/2003/wordml"
_WITHIN_SHAPES = ("urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office")


def read_word_xml(data: bytes, budget: Budget) -> Document:
    """The document as of a docx. Raises RefusedFile."""
    root = parse_xml(data)
    if local_name(root) == "package":
        return _of_package(root, budget)
    body = root.find("{*}body")
    if body is None:
        raise broken()
    return _of_2003(root, body, budget.limits)


def _of_package(root: etree._Element, budget: Budget) -> Document:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in root.iterchildren("{*}part"):
            name = (attribute(part, "name") or "").lstrip("/")
            if not name:
                raise broken()
            archive.writestr(name, _content(part))
    package = Package(packed.getvalue(), budget)
    if not any(name.startswith("word/") for name in package.members):
        raise other_format("tệp XML của Office không phải văn bản Word")
    document = read_word(package, "docx", budget.limits)
    document.kind = "wordxml"
    return document


def _content(part: etree._Element) -> bytes:
    for child in part:
        if local_name(child) == "xmlData" and len(child):
            return etree.tostring(child[0], encoding="utf-8")
        if local_name(child) == "binaryData":
            try:
                return base64.b64decode(child.text or "")
            except (binascii.Error, ValueError) as error:
                raise broken() from error
    return b""


def _of_2003(root: etree._Element, body: etree._Element, limits: Limits) -> Document:
    for element in list(root.iter("{*}annotation")):
        if attribute(element, "type") in _DELETED and element.getparent() is not None:
            _drop(element)
    wrappers = {
        element.tag
        for element in body.iter()
        if isinstance(element.tag, str)
        and not element.tag.startswith((f"{{{_OWN}}}", *(f"{{{ns}" for ns in _WITHIN_SHAPES)))
    }
    etree.strip_tags(body, *wrappers)
    for merge in body.iter("{*}vmerge"):  # as it was written then
        merge.tag = f"{{{_OWN}}}vMerge"
    styles_element = root.find("{*}styles")
    styles = {} if styles_element is None else styles_in(styles_element)
    blocks = list(read_body(body, styles))
    section = body.find(".//{*}sectPr")
    headers = [] if section is None else section.findall("{*}hdr")
    before = [block for header in headers for block in read_body(header, styles)]
    for block in before:
        if isinstance(block, Grid):
            block.sheet = f"Đầu trang › {block.sheet}"
        else:
            block.part = "Đầu trang › "
    return document_of_blocks("wordxml", [*before, *blocks], limits)


def _drop(element: etree._Element) -> None:
    """Takes an element out, and leaves the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
