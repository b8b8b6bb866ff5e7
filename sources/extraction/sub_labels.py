"""Labels that are short because of what stands above them: `- Tổ chức riêng` below `Số chi bộ đã
sinh hoạt`."""

from __future__ import annotations

from collections.abc import Sequence

from sources.extraction.cell_types import UNTYPED, type_value
from sources.extraction.label_forms import strip_numbering
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.grids import Value

_MAX_COLUMNS_TO_VALUE = 4  # columns right of a label in which its value may stand
_BULLETS = tuple("-+*•–—")


class SubLabels:
    """The fields of short labels on the rows of one sheet, which have to be asked for from top to
    bottom.

    `above` keeps for each column the last label or heading: its text, and its field where it is a
    label.
    """

    def __init__(self, view: GridView, vocabulary: Vocabulary) -> None:
        self.view, self.vocabulary = view, vocabulary
        self.above: dict[int, tuple[str, FormField | None]] = {}

    def note(self, row: int, column: int, field: FormField) -> None:
        """Takes note of a label that is no short one."""
        self.above[column] = (self.view.own_text(row, column), field)

    def find(self, row: int, column: int) -> tuple[Section, FormField] | None:
        """The section and field of a short label with a count beside it, by what stands above; None
        of other texts."""
        text = self.view.own_text(row, column)
        beside = [
            v
            for v in self.view.rows[row][column + 1 : column + 1 + _MAX_COLUMNS_TO_VALUE]
            if v not in (None, "")
        ]
        if ":" in text and any(letter.isdigit() for letter in text):
            return None  # it holds its value itself
        if not any(letter.isdigit() for value in beside for letter in str(value)):
            self.above[column] = (text, None)  # a heading: `I. CHI BỘ`
            return None
        pair = self._field_below(column, text)
        if pair and self._is_count(beside, pair[1]):
            self.above[column] = (self.above[column][0], pair[1])
            return pair
        if not text.lstrip().startswith(_BULLETS) and not self.vocabulary.qualifiers.occur_in(text):
            self.above.pop(column, None)  # a label of something else
        return None

    def find_in(self, column: int, text: str) -> tuple[Section, FormField, str] | None:
        """The section, field and value of a short label with its count in one text: `- Tổ chức
        riêng: 08 chi bộ`."""
        label, colon, value = text.partition(":")
        pair = (
            self._field_below(column, label)
            if colon and any(letter.isdigit() for letter in value)
            else None
        )
        if pair is None or not self._is_count([value.strip()], pair[1]):
            return None
        self.above[column] = (self.above[column][0], pair[1])
        return *pair, value.strip()

    def _field_below(self, column: int, text: str) -> tuple[Section, FormField] | None:
        head, field = self.above.get(column, ("", None))
        bare = strip_numbering(text)
        detail = self.vocabulary.detail_pattern.match(bare)
        bare = bare[detail.end() :].lstrip(" :") if detail else bare
        if field and (found := self.vocabulary.pair_within(field, bare)):
            return found
        return self.vocabulary.pair_under(head, bare) if head else None

    def _is_count(self, beside: Sequence[Value], field: FormField) -> bool:
        year = self.vocabulary.campaign.campaign.year
        return field.type == "count" and any(
            type_value(v, field, self.vocabulary, year) is not UNTYPED for v in beside
        )


def pair_beside(
    view: GridView, row: int, column: int, vocabulary: Vocabulary
) -> tuple[Section, FormField] | None:
    """The field of a label right of a group over several lines, whose cell is merged or empty below
    its first line.

    `Chi bộ | Tổng số | 18` above ` | Đã sinh hoạt | 17`.
    """
    if not column or vocabulary.find_pair(view.own_text(row, column)):
        return None
    group = view.text(row, column - 1)
    above = range(row - 1, -1, -1) if not group and view.span(row, column - 1) is None else ()
    group = group or next((text for r in above if (text := view.text(r, column - 1))), "")
    return vocabulary.pair_under(group, view.own_text(row, column)) if group else None
