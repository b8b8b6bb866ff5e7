"""The paragraphs of a Word template, with their styles and tags, as whoever edits it in Word sees
them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from lxml import etree

TEMPLATE = Path(__file__).parent / "templates" / "bao-cao-tong-hop.docx"
BODY_STYLE, QUOTE_STYLE, NUMBER_STYLE = "Thân bài", "Trích báo cáo", "Header"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_WHITE = {f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"}


class TemplateError(Exception):
    """A file that is no Word document."""


class TemplateParagraph(NamedTuple):
    """A paragraph: where it stands (such as "paragraph 12"), its style's name, its text with the
    tags in it."""

    place: str
    style: str
    text: str


def read_paragraphs(path: Path) -> list[TemplateParagraph]:
    """The paragraphs of the body, those in tables too, numbered from 1; then those of headers and
    footers.

    Raises TemplateError where the file is no Word document.
    """
    with _opened(path) as package:
        styles = _style_names(_root(package, "word/styles.xml"))
        return [
            TemplateParagraph(f"{place}{number}", styles.get(style, style), text)
            for place, root in _parts(package)
            for number, (style, text) in enumerate(_texts(root), 1)
        ]


def missing_styles(path: Path) -> list[str]:
    """The styles that the report needs and that the template does not have.

    Raises TemplateError where the file is no Word document.
    """
    with _opened(path) as package:
        names = {name.lower() for name in _style_names(_root(package, "word/styles.xml")).values()}
    return [s for s in (BODY_STYLE, QUOTE_STYLE, NUMBER_STYLE) if s.lower() not in names]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as package:
            yield package
    except (OSError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise TemplateError(f"{path.name} is no Word document: {error}") from error


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, etree._Element]]:
    yield "paragraph ", _root(package, _BODY)
    for name in sorted(package.namelist()):
        part = name.removeprefix("word/").removesuffix(".xml")
        if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
            yield f"{part}, paragraph ", _root(package, name)


def _root(package: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(package.read(name), parser)


def _style_names(root: etree._Element) -> dict[str, str]:
    """The styles' names by the ids that paragraphs use; under "" that of paragraphs that name
    none."""
    names = {}
    for style in root.iter(f"{_WORD}style"):
        name = style.find(f"{_WORD}name")
        if name is None or style.get(f"{_WORD}type") != "paragraph":
            continue
        names[style.get(f"{_WORD}styleId", "")] = name.get(f"{_WORD}val", "")
        if style.get(f"{_WORD}default"):
            names[""] = name.get(f"{_WORD}val", "")
    return names


def _texts(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The id of the style and the text of each paragraph; that of a box within it is one of its
    own."""
    for paragraph in root.iter(f"{_WORD}p"):
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        parts = [
            " " if part.tag in _WHITE else part.text or ""
            for part in paragraph.iter(f"{_WORD}t", *_WHITE)
            if next(part.iterancestors(f"{_WORD}p"), None) is paragraph
            and next(part.iterancestors()).tag == f"{_WORD}r"
        ]
        yield (style.get(f"{_WORD}val", "") if style is not None else ""), "".join(parts)
