"""A district's table with a line per commune, of which a report fills in its own: only that line
counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sources.extraction.cell_types import raw_text
from sources.extraction.column_codes import is_column_codes
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.labelled import Label, pair_fact
from sources.extraction.text_classes import TextClass
from sources.extraction.unknown_labels import report_unknown_below
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary

_MIN_COMMUNES = 2
_MAX_NAMES_IN_FINDING = 5


@dataclass(frozen=True, slots=True)
class WideTable:
    """A row of labels over lines of communes: `lines` has each line's row and its commune's code.

    `others` are the rows of totals between and below them, and the one that numbers the columns.
    """

    view: GridView
    labels: tuple[Label, ...]
    lines: dict[int, str]
    others: frozenset[int]
    name_column: int

    @property
    def filled(self) -> list[int]:
        """The rows of the lines that hold a value under any of the labels."""
        return [
            row
            for row in self.lines
            if any(self.view.own(row, x.column) not in (None, "") for x in self.labels)
        ]

    def name_ref(self, row: int) -> str:
        """Where the line's commune stands."""
        return self.view.ref(row, self.name_column)


def wide_table(
    view: GridView, row: int, labels: Sequence[Label], vocabulary: Vocabulary
) -> WideTable | None:
    """The table below a row of labels, where its lines are communes: two at least, or one and a
    total; else None."""
    beside = tuple(label for label in labels if label.row == row and label.field.type != "unit")
    if not beside:
        return None
    for column in range(min(label.column for label in beside)):
        lines: dict[int, str] = {}
        totals: set[int] = set()
        codes = {row + 1} if _is_codes(view, row + 1) else set()
        for below in range(row + 1, view.height):
            text = view.own_text(below, column)
            if text and (unit := vocabulary.unit_names.commune(text)):
                lines[below] = unit.code
            elif any(vocabulary.lines.is_total(view.own_text(below, c)) for c in range(column + 1)):
                totals.add(below)
            elif any(vocabulary.find_pair(view.own_text(below, x.column)) for x in beside):
                break  # labels again: another table
        if len(set(lines.values())) >= _MIN_COMMUNES or (lines and totals):
            return WideTable(view, beside, lines, frozenset(totals | codes), column)
    return None


def read_wide_tables(
    tables: Sequence[WideTable], vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """Reads from each table the line of the reporting unit; a single filled line names the unit if
    nothing else does.

    Lines of other communes are findings. Where the unit is unknown, no line counts and each field
    is a finding.
    """
    for table in tables:
        _mark_labels(table)
        own = _own_line(table, builder)
        if own is None:
            _report_ambiguous(table, builder)
            continue
        _read_line(table, own, vocabulary, builder)
        _report_unknown(table, own, vocabulary, builder)
        _report_others(table, own, builder)


def _mark_labels(table: WideTable) -> None:
    """Accounts for the row of labels, the one above it that they share, and the one that numbers
    the columns."""
    view, row = table.view, table.labels[0].row
    for label in table.labels:
        view.account.mark(row, label.column, TextClass.LABEL)
    for column in view.filled_columns(row + 1) if _is_codes(view, row + 1) else ():
        view.account.mark(row + 1, column, TextClass.LABEL)


def _is_codes(view: GridView, row: int) -> bool:
    return is_column_codes([view.own_text(row, c) for c in view.filled_columns(row)])


def _read_line(table: WideTable, own: int, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    view, parts = table.view, []
    for label in table.labels:
        place = own, label.column
        fact = pair_fact(
            label.section,
            label.field,
            view.value(*place),
            view.raw(*place),
            view.sheet,
            view.ref(*place),
            vocabulary,
        )
        builder.add_pair(label.section, label.field, fact)
        if "/" in fact.raw and label.field.type == "count":
            parts.append((label, fact))
    for label, fact in parts:
        whole = builder.pairs.get((label.section.key, label.field.limit or ""))
        builder.check_whole(
            label.section,
            label.field,
            fact.raw,
            whole.value if whole else None,
            fact.sheet,
            fact.cell,
        )


def _report_unknown(
    table: WideTable, own: int, vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """Reports values on the unit's line under unknown labels."""
    known = {label.column for label in table.labels}
    unknown = (
        column for column in range(table.name_column + 1, table.view.width) if column not in known
    )
    report_unknown_below(table.view, table.labels[0].row, own, unknown, vocabulary, builder)


def _own_line(table: WideTable, builder: ExtractBuilder) -> int | None:
    """The row of the unit that reports, which the report names elsewhere than in this table."""
    extract = builder.extract
    names = {table.name_ref(row) for row in table.lines}
    if extract.unit_code and not (
        extract.unit_sheet == table.view.sheet and extract.unit_cell in names
    ):
        rows = [row for row, code in table.lines.items() if code == extract.unit_code]
        return rows[0] if len(rows) == 1 else None
    filled = table.filled
    if len(filled) != 1:
        return None
    row = filled[0]
    extract.unit_code, extract.unit_text = (
        table.lines[row],
        raw_text(table.view.own(row, table.name_column)),
    )
    extract.unit_sheet, extract.unit_cell, extract.issuer = (
        table.view.sheet,
        table.name_ref(row),
        "unit",
    )
    return row


def _report_others(table: WideTable, own: int, builder: ExtractBuilder) -> None:
    others = [row for row in table.filled if row != own]
    _mark_unread(table, [*others, *table.others])
    if not others:
        return
    names = [table.view.own_text(row, table.name_column) for row in others]
    listed = ", ".join(names[:_MAX_NAMES_IN_FINDING]) + (
        ", …" if len(names) > _MAX_NAMES_IN_FINDING else ""
    )
    builder.add_finding(
        "line_of_another",
        table.view.sheet,
        table.name_ref(others[0]),
        section="info",
        value=shorten(listed),
        message=f"Bảng có số liệu của {len(others)} đơn vị khác ({shorten(listed)}): không được tính. Đề nghị chỉ ghi "
        f"dòng của đơn vị báo cáo.",
    )


def _mark_unread(table: WideTable, rows: list[int]) -> None:
    for row in rows:
        for label in table.labels:
            table.view.account.mark(row, label.column, TextClass.UNREAD)


def _report_ambiguous(table: WideTable, builder: ExtractBuilder) -> None:
    """Each field whose value stands on several lines, at its first one."""
    _mark_unread(table, [*table.lines, *table.others])
    for label in table.labels:
        rows = [row for row in table.filled if table.view.own(row, label.column) not in (None, "")]
        if rows:
            builder.add_finding(
                "rows_ambiguous",
                table.view.sheet,
                table.view.ref(rows[0], label.column),
                section=label.section.key,
                field=label.field.key,
                value=shorten(table.view.own_text(rows[0], label.column)),
            )
