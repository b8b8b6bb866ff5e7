"""A Word document as plain paragraphs and tables, for where its pages cannot be shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docx import Document
from docx.text.paragraph import Paragraph

from warehouse.reports.document_check import NO_DOCUMENT


@dataclass(frozen=True)
class Block:
    """A paragraph, or where it has `rows` a table: rows of the cells' texts."""

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


class NoTextError(Exception):
    """The file is no document that can be read: the message (Vietnamese) says why."""


def document_text(path: Path) -> list[Block]:
    """The document's blocks in their order, empty paragraphs left out. Raises NoTextError."""
    try:
        content = Document(str(path)).iter_inner_content()
        blocks = [
            Block(text=item.text.strip())
            if isinstance(item, Paragraph)
            else Block(
                rows=tuple(tuple(cell.text.strip() for cell in row.cells) for row in item.rows)
            )
            for item in content
        ]
    except NO_DOCUMENT as error:
        raise NoTextError(f"không mở được như tệp Word ({error})") from error
    return [block for block in blocks if block.text or block.rows]
