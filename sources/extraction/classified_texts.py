"""A document for people to look at: an extract whose facts are its texts, each with what it was
understood as."""

from __future__ import annotations

from collections.abc import Iterator

from sources.campaigns import Campaign
from sources.extraction.cell_types import raw_text
from sources.extraction.facts import Extract, Fact
from sources.extraction.hidden_names import without_names
from sources.extraction.report import understand
from sources.extraction.text_classes import EMPTY, ClassRun, TextClass
from sources.grids import Document, Paragraph


def texts_by_class(document: Document, campaign: Campaign) -> Extract:
    """The document's findings as `extract` gives them, and as its facts all texts, in the order of
    the document.

    Of each: `section` is the letter of its class (text_classes.py), `raw` the text, people's names
    hidden.
    """
    found = understand(document, campaign)
    found.facts = list(_texts(document, _Classes(found.account)))
    return without_names(found, campaign)


class _Classes:
    """The class of each place, looked up in the runs of an account."""

    def __init__(self, account: list[ClassRun]) -> None:
        self._by_sheet: dict[str, list[ClassRun]] = {}
        for run in account:
            self._by_sheet.setdefault(run.sheet, []).append(run)

    def at(self, sheet: str, row: int, column: int) -> str:
        """The letter of the class of a place, zero-based; of one in a hidden sheet that of what is
        ignored."""
        for run in self._by_sheet.get(sheet, ()):
            if (
                run.first <= row + 1 <= run.last
                and column < len(run.classes)
                and run.classes[column] != EMPTY
            ):
                return run.classes[column]
        return TextClass.IGNORED.letter


def _texts(document: Document, classes: _Classes) -> Iterator[Fact]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            letter = classes.at(block.sheet, block.number - 1, 0)
            yield Fact(letter, 0, "", None, block.text, block.sheet, block.ref)
            continue
        for row, cells in enumerate(block.rows):
            for column, value in enumerate(cells):
                if (text := raw_text(value)).strip():
                    letter = classes.at(block.sheet, row, column)
                    yield Fact(letter, 0, "", None, text, block.sheet, block.ref(row, column))
