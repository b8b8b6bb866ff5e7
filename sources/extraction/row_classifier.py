"""What is seen of the rows under one header, so that each gets its kind (row_kinds.py)."""

from __future__ import annotations

from sources.extraction.cell_types import UNTYPED
from sources.extraction.extract_builder import ExtractBuilder
from sources.extraction.header import Header
from sources.extraction.other_rows import OtherRows
from sources.extraction.row_kinds import Classification, RowEvidence, RowKind, SumMatch, kind_of_row
from sources.extraction.rows import RowReader
from sources.extraction.totals import Reading, Totals
from sources.extraction.unknown_columns import HEADING_ORDINAL
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary

_EMPTY_ROW = kind_of_row(RowEvidence())
_PLAIN_ROW = kind_of_row(
    RowEvidence(filled=3, typed=2, beyond_name=True, named=True, numbered=True)
)


class RowClassifier(RowReader):
    """Classifies the rows under one header, from top to bottom.

    stop         the row at which the table ends at the latest
    below_total  the last row was a total
    numbered     all rows of data so far have ordinals
    last_name    the name of the last row of data
    """

    def __init__(
        self, view: GridView, header: Header, vocabulary: Vocabulary, builder: ExtractBuilder
    ) -> None:
        super().__init__(view, header, vocabulary, builder)
        self.totals = Totals(self.section, view.sheet, builder)
        self.other_rows = OtherRows(view, header, vocabulary, builder)
        self.stop = view.height
        self.below_total = False
        self.numbered = True
        self.last_name = ""
        self.choice_fields = [i for i, slot in enumerate(self.slots) if slot.field.type == "choice"]

    def _classify(self, row: int, readings: list[Reading]) -> Classification:
        if readings and self._is_plain(row, readings):
            return _PLAIN_ROW
        filled = [r for r in readings if r.raw]
        if not filled:
            return _EMPTY_ROW
        evidence = self._evidence(row, readings, filled)
        found = kind_of_row(evidence)
        if found.kind is RowKind.DATA and (not evidence.numbered or evidence.group_name):
            sums_below = self._sums_below(row, readings, evidence.heading_name)
            found = kind_of_row(evidence._replace(sums_below=sums_below))
        return found

    def _is_plain(self, row: int, readings: list[Reading]) -> bool:
        """Whether a row has an ordinal, a name and two values, as nearly all have: nothing else
        changes its kind."""
        if (
            row in self.view.spanned_rows
            or self._ordinal(row) is None
            or not self._is_named(readings)
        ):
            return False
        values = (1 for i in self.values if (r := readings[i]).raw and r.typed is not UNTYPED)
        return next(values, 0) + next(values, 0) > 1 and not any(
            [self.vocabulary.lines.is_total(text, True) for text in self._leading_texts(row)]
            + [self.vocabulary.lines.may_head_sums(readings[i].raw) for i in self.names]
        )

    def _leading_texts(self, row: int) -> list[str]:
        cells = self.view.rows[row]
        return [v for c in self.leading if c < len(cells) and isinstance(v := cells[c], str)]

    def _evidence(self, row: int, readings: list[Reading], filled: list[Reading]) -> RowEvidence:
        typed = [r for i in self.values if (r := readings[i]).raw and r.typed is not UNTYPED]
        names, numbered = (
            sum(readings[i].raw != "" for i in self.names),
            self._ordinal(row) is not None,
        )
        named = names > 0
        leading = self._leading_texts(row)
        lines = self.vocabulary.lines
        total_word = any(lines.is_total(text, numbered) for text in leading)
        heads = self._texts_of_heads(row, readings)
        begins_as_total = any(map(lines.begins_as_total, heads))
        heading_name = any(map(lines.is_heading_name, heads))
        group_name = heading_name or any(map(lines.is_group_name, heads))
        # else the rest of the evidence changes nothing
        plain = named and numbered and len(typed) > 1 and not (begins_as_total or group_name)
        evidence = RowEvidence(
            filled=len(filled),
            typed=len(typed),
            nonzero=sum(r.typed != "0" for r in typed),
            beyond_name=len(filled) > names,
            named=named,
            name_alone=len(self.section.row_key) == 1,
            numbered=numbered,
            follows_data=self.other_rows.follows_data,
            total_word=total_word,
            total_alone=total_word
            and (numbered or any(lines.is_total(text, True) for text in leading)),
            subtotal_name=begins_as_total and any(map(lines.names_subtotal, heads)),
            begins_as_total=begins_as_total,
            heading_name=heading_name,
            group_name=group_name,
            merged_line=row in self.view.spanned_rows
            and len(filled) > 1
            and len({r.ref for r in filled}) == 1,
        )
        if plain:
            return evidence
        holds_non_counts = self._holds_non_counts(readings)
        name = next((readings[i].raw for i in self.names if readings[i].raw), "")
        return evidence._replace(
            holds_non_counts=holds_non_counts,
            like_a_name=lines.begins_row_name(self.section, name)
            and not self._is_heading_of_kind(row, name),
            sums_above=self._sums_above(readings, named, total_word)
            if begins_as_total or not numbered
            else "none",
            example=self._is_example(row),
            below_total=not numbered
            and self.below_total
            and self.numbered
            and self.totals.rows > 0
            and not holds_non_counts,
            footer=named and lines.is_footer(name),
            previous_name_unfinished=lines.is_unfinished_row_name(self.section, self.last_name),
            heading_ordinal=bool(HEADING_ORDINAL.fullmatch(self._first_ordinal(row))),
        )

    def _texts_of_heads(self, row: int, readings: list[Reading]) -> list[str]:
        """What stands where a row is named: in its name, or in the column of ordinals."""
        names = (readings[i].raw for i in self.names)
        return [t for t in (*names, *(self.view.own_text(row, c) for c in self.ordinals)) if t]

    def _is_heading_of_kind(self, row: int, name: str) -> bool:
        """Whether a name is that of the kind of the rows below it, as `Chi bộ trường học` above the
        schools'."""
        kinds = {
            code
            for i in self.choice_fields
            if (code := self.vocabulary.choices.listed(self.slots[i].field, name))
        }
        below = (
            next((r for r in range(row + 1, self.stop) if self._holds_values(r)), None)
            if kinds
            else None
        )
        return below is not None and any(r.typed in kinds for r in self._readings(below))

    def _sums_above(self, readings: list[Reading], named: bool, total_word: bool) -> SumMatch:
        """Whether each count of a row without an ordinal is the sum of those above it, whatever the
        row is called.

        Below days and choices a row that is called a total may hold any text: `02/02`, `2 chi bộ`.
        """
        marks = [r for r in readings if r.field.type in ("date", "choice", "mark")]
        holds_non_counts = any(
            r.typed not in (None, "false") and not r.raw.strip().isdigit() for r in marks
        )
        if self.totals.rows < 2 or (holds_non_counts and not total_word):
            return "none"  # a number among marks is how many there are
        counts = self._counts(readings)
        above_zero = sum(n > 0 for n in counts.values())
        if not above_zero or not self.totals.match_any_sums(counts):
            return "none"
        return "certain" if len(counts) > 1 and above_zero > named else "chance"

    def _sums_below(self, row: int, readings: list[Reading], heading_name: bool) -> SumMatch:
        """Whether a row stands above a group and gives its sums: `I | Khu trung tâm | 50`."""
        counts = {key: n for key, n in self._counts(readings).items() if n}
        numbered = bool(HEADING_ORDINAL.fullmatch(self._first_ordinal(row)))
        if not numbered and (not counts or self._holds_non_counts(readings)):
            return "none"
        is_heading = numbered or heading_name
        adds_up = (
            bool(counts)
            and not self._holds_non_counts(readings)
            and self._adds_up_below(row, counts, 1 if is_heading else 2)
        )
        if adds_up and (is_heading or len(counts) > 1):
            return "certain"
        return "chance" if adds_up or (is_heading and self._heads_rows(row, numbered)) else "none"

    def _heads_rows(self, row: int, numbered: bool) -> bool:
        """Whether a numbered row stands below a heading, not another heading: `I. Chi bộ A` may be
        followed by `II. Chi bộ B`."""
        below = next((r for r in range(row + 1, self.stop) if self._holds_values(r)), None)
        if below is None or self._ordinal(below) is None:
            return False
        heads = self._texts_of_heads(below, self._readings(below))
        return numbered or not any(map(self.vocabulary.lines.is_heading_name, heads))

    def _adds_up_below(self, row: int, counts_of_row: dict[str, int], fewest: int) -> bool:
        sums = dict.fromkeys(counts_of_row, 0)
        found = 0
        for below in range(row + 1, self.stop):
            if not self._holds_values(below):
                continue
            counts = self._counts(self._readings(below))
            found += 1
            for key in sums:
                sums[key] += counts.get(key, 0)
            if found >= fewest and sums == counts_of_row:
                return True
            if any(sums[key] > n for key, n in counts_of_row.items()):
                return False
        return False
