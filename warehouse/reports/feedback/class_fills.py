"""The pale colours of a marked copy: what each of its texts was understood as
(sources/extraction/text_classes.py)."""

from __future__ import annotations

from collections.abc import Sequence

from sources.extraction.text_classes import ClassRun, TextClass
from sources.grids import Grid

FILLS = {
    TextClass.VALUE.letter: ("E2F0D9", "Đã đọc"),
    TextClass.CHECK.letter: ("DDEBF7", "Số cộng, để đối chiếu"),
    TextClass.IGNORED.letter: ("EDEDED", "Bỏ qua theo mẫu"),
    TextClass.UNREAD.letter: ("FBE5D6", "Chưa đọc được"),
}
MAX_PLACES = 20_000  # of one copy that are coloured; more would make a file that opens slowly


def fills_by_place(account: Sequence[ClassRun]) -> dict[tuple[str, str], str]:
    """The colour of each place by sheet and ref, as six hex digits; of a paragraph the ref is its
    number."""
    fills: dict[tuple[str, str], str] = {}
    for run in account:
        for row in range(run.first, run.last + 1):
            if len(fills) > MAX_PLACES:
                return fills
            if run.is_paragraph:
                columns = {str(row): run.classes}
            else:
                columns = {
                    Grid.ref(row - 1, column): letter for column, letter in enumerate(run.classes)
                }
            fills.update(
                {
                    (run.sheet, ref): FILLS[letter][0]
                    for ref, letter in columns.items()
                    if letter in FILLS
                }
            )
    return fills
