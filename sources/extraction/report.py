"""From a document to facts and findings: the order in which a report is read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sources.campaigns import Campaign
from sources.extraction.captions import (
    CaptionedTable,
    caption_of,
    drop_tables_of_others,
    lines_above,
)
from sources.extraction.combined_columns import split_columns
from sources.extraction.counts_in_names import report_counts_in_names
from sources.extraction.declared import read_declaration
from sources.extraction.derived_grids import DerivedGrid
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.facts import Extract
from sources.extraction.header import Header
from sources.extraction.headers import find_headers
from sources.extraction.hidden_names import without_names
from sources.extraction.issuer import find_issuer, is_of_district
from sources.extraction.issuer_lines import front_matter_by_part
from sources.extraction.issuer_statements import issuer_statements
from sources.extraction.labelled import pair_in_text
from sources.extraction.letterhead import first_lines, read_letterhead
from sources.extraction.listed_corrections import read_listed_corrections
from sources.extraction.matrices import without_matrix
from sources.extraction.org_lines import Place, branch_names, consolidate_lines
from sources.extraction.other_units import drop_parts_of_others
from sources.extraction.page_readings import readings_of
from sources.extraction.pairs import read_pairs
from sources.extraction.prose import ProseReader
from sources.extraction.row_corrections import read_row_corrections
from sources.extraction.row_notes import report_row_notes
from sources.extraction.shifted_rows import blank_shifted_rows
from sources.extraction.stated import add_stated_wholes
from sources.extraction.tables import TableReader
from sources.extraction.text_classes import MappedAccount
from sources.extraction.unasked import drop_unasked_values
from sources.extraction.unread import classify_remaining
from sources.extraction.unseen import report_unseen
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary, vocabulary_of
from sources.extraction.wide_rows import read_wide_tables
from sources.grids import Document, Grid, Paragraph


def extract(document: Document, campaign: Campaign) -> Extract:
    """What `understand` makes of the document, with people's names hidden: the only form in which
    it may be kept."""
    extracted = understand(document, campaign)
    extracted.readings = readings_of(document, extracted)
    return without_names(extracted, campaign)


def understand(document: Document, campaign: Campaign) -> Extract:
    """All facts that the document states, each with its sheet and ref, and what was seen wrong on
    the way.

    Pairs (`info`, `text`) come first, rows of tables after them in the order of the document. Never
    raises for what a document holds: what cannot be understood is a finding.
    """
    vocabulary = vocabulary_of(campaign)
    front_matter = front_matter_by_part(document, vocabulary)
    statements_by_part = {
        part: list(issuer_statements(part_front_matter, vocabulary.issuers))
        for part, part_front_matter in front_matter.items()
    }
    builder = ExtractBuilder()
    grids = GridReader(vocabulary, builder)
    prose = ProseReader(vocabulary, builder, is_of_district(statements_by_part, vocabulary))
    paragraphs_above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            prose.read(block)
            paragraphs_above.append(block.text.strip())
        elif block.hidden:
            _report_hidden_sheet(block, vocabulary, builder)
        else:
            prose.close()
            grids.read(block, paragraphs_above[: -_MAX_PARAGRAPHS_ABOVE - 1 : -1])
            paragraphs_above = []
    prose.finish()
    add_stated_wholes(vocabulary, builder)
    builder.check_pairs(vocabulary.campaign.form.sections)
    first = list(first_lines(document))
    read_letterhead(first, vocabulary, builder)
    issuers = find_issuer(document, statements_by_part, vocabulary, builder)
    drop_unasked_values(vocabulary, builder)
    consolidate_lines(grids.branches, vocabulary, builder)
    read_wide_tables(builder.wide_tables, vocabulary, builder)
    read_declaration(document, first, vocabulary, builder.extract)
    read_row_corrections(document, vocabulary, builder)
    builder.extract.whole_sections = builder.sections_with_total()
    builder.extract.not_held_rows = tuple(
        f"{section}:{row}" for section, row in builder.not_held_rows
    )
    builder.extract.sums_confirmed = builder.sums_confirmed()
    drop_tables_of_others(grids.captioned_tables, vocabulary, builder)
    drop_parts_of_others(document, issuers, vocabulary, builder)
    blank_shifted_rows(document, campaign.form, builder)
    report_row_notes(document, vocabulary, builder)
    report_counts_in_names(vocabulary, builder)
    report_unseen(document, vocabulary, builder)
    for member in document.skipped:
        builder.add_finding("member_skipped", member, None, value=shorten(member))
    classify_remaining(document, front_matter, vocabulary, builder)
    return builder.build()


def _report_hidden_sheet(grid: Grid, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Reports values in a hidden sheet: its sender does not see it, so an old table in it does not
    count."""
    aside = ExtractBuilder()
    GridReader(vocabulary, aside).read(grid)
    facts = [fact for fact in aside.build().facts if fact.raw]
    if facts:
        first = facts[0]
        builder.add_finding(
            "sheet_hidden",
            first.sheet,
            first.cell,
            section=first.section,
            value=shorten(grid.sheet),
        )


_MAX_PARAGRAPHS_ABOVE = 4  # among which a table may have its caption
_MIN_PAIRS = 3  # of a sheet of pairs
_MAX_LABEL_LETTERS = 200  # of a label with its value
_MAX_CELLS_IN_PAIR_ROW = 5  # ordinal, label, value, unit of measure, note


class GridReader:
    """Reads grids in their order; a table may go on in the next grid without a header of its
    own."""

    def __init__(self, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
        self.vocabulary, self.builder = vocabulary, builder
        self.last_header: Header | None = None
        self.captioned_tables: list[CaptionedTable] = []
        self.branches: dict[Place, str] = {}  # the branches that lines name beside their communes
        self.paragraphs_above: Sequence[str] = ()

    def read(self, grid: Grid, paragraphs_above: Sequence[str] = ()) -> None:
        """Reads the tables of a grid, then the pairs on the rows that no table has taken.

        `above` holds the paragraphs above a Word table, the nearest first.
        """
        whole = GridView(grid)
        self.builder.grid_views.append(whole)
        self.paragraphs_above = paragraphs_above
        for part in without_matrix(grid, self.vocabulary):
            if part is grid:
                self._read(whole)
            else:
                self._read(
                    GridView(
                        part,
                        MappedAccount(whole.account, part.place)
                        if isinstance(part, DerivedGrid)
                        else whole.account,
                    )
                )

    def _read(self, view: GridView) -> None:
        headers = find_headers(view, self.vocabulary)
        if not headers and (listed := read_listed_corrections(view, self.vocabulary, self.builder)):
            read_pairs(
                view,
                [r for r in range(view.height) if r not in listed],
                self.vocabulary,
                self.builder,
            )
            return
        if not headers and self._read_continuation(view):
            return
        if not headers and (transposed := self._transposed_table(view)):
            self._read_tables(*transposed)
            rows_read = {c.index for header in transposed[1] for c in header.columns}
        else:
            rows_read = self._read_tables(view, headers)
        free = [r for r in range(view.height) if r not in rows_read]
        read_pairs(view, free, self.vocabulary, self.builder)

    def _read_tables(self, view: GridView, headers: list[Header]) -> set[int]:
        rows_read: set[int] = set()
        view, headers = split_columns(view, headers, self.vocabulary, self.builder)
        for number, header in enumerate(headers):
            reader = TableReader(view, header, self.vocabulary, self.builder)
            # from top to bottom: the first one counts
            below = (headers[n] for n in range(number + 1, len(headers)))
            stop = next(
                (h.top for h in below if h.top > header.bottom and _share_columns(h, header)),
                view.height,
            )
            before = self.builder.row_counts[header.section.key]
            rows = reader.read(header.bottom + 1, stop, partial(self._ends_table, view, reader))
            self._note_caption(view, header, before)
            view.mark_header(header)
            self.branches |= branch_names(view, header)
            rows_read.update(rows, range(header.top, header.bottom + 1))
            self.last_header = header
        return rows_read

    def _note_caption(self, view: GridView, header: Header, before: int) -> None:
        key = header.section.key
        caption = caption_of(
            (*lines_above(view, header.top), *self.paragraphs_above), self.vocabulary
        )
        if self.builder.row_counts[key] > before and (caption[0] or caption[2] or caption[3]):
            ref = view.ref(header.top, header.left)
            self.captioned_tables.append(
                CaptionedTable(
                    key, before + 1, self.builder.row_counts[key], view.sheet, ref, *caption
                )
            )

    def _ends_table(self, view: GridView, reader: TableReader, row: int) -> bool:
        """A table ends where pairs of label and value begin."""
        header = reader.header
        cells = [v for v in view.rows[row][header.left : header.right + 1] if v is not None]
        if len(cells) > _MAX_CELLS_IN_PAIR_ROW:
            return False
        texts = [v for v in cells[:3] if isinstance(v, str)]
        labelled = any(
            self.vocabulary.find_pair(t) or pair_in_text(t, self.vocabulary) for t in texts
        )
        return labelled and not reader.fits(row)

    def _read_continuation(self, view: GridView) -> bool:
        """Reads a grid without a header as the rest of the table before it, where every row
        fits."""
        if self.last_header is None:
            return False
        header = self.last_header
        rest = Header(header.section, -1, -1, header.columns)
        reader = TableReader(view, rest, self.vocabulary, self.builder)
        rows = [r for r in range(view.height) if view.filled_columns(r)]
        fitting = [r for r in rows if reader.fits(r)]
        if not fitting or fitting[0] != rows[0] or len(fitting) < len(rows) / 2:
            return False
        reader.read(0, view.height, lambda row: False)
        self.builder.add_finding(
            "table_without_header",
            view.sheet,
            view.ref(rows[0], header.left),
            section=header.section.key,
            value=shorten(
                " ".join(view.own_text(rows[0], c) for c in view.filled_columns(rows[0]))
            ),
        )
        return True

    def _transposed_table(self, view: GridView) -> tuple[GridView, list[Header]] | None:
        """The grid with rows and columns exchanged, where a table lies on its side: more of its
        rows than are pairs."""
        texts = {
            row: [v for v in cells if isinstance(v, str) and 0 < len(v) < _MAX_LABEL_LETTERS]
            for row, cells in enumerate(view.rows)
        }
        named = any(
            self.vocabulary.is_row_name_label(text)
            for line_texts in texts.values()
            for text in line_texts
        )
        pairs: set[int] = set()
        for row, line_texts in texts.items():
            if any(
                self.vocabulary.find_pair(text) or pair_in_text(text, self.vocabulary)
                for text in line_texts
            ):
                pairs.add(row)
            if len(pairs) >= _MIN_PAIRS and not named:
                return None
        transposed = view.transposed()
        headers = [_trimmed(header) for header in find_headers(transposed, self.vocabulary)]
        rows = {c.index for header in headers for c in header.columns}
        if len(pairs) >= _MIN_PAIRS:
            header_fields = sum(len(h.keys) for h in headers if h.has_row_key)
            headers = headers if header_fields > len(pairs & rows) else []
        return (transposed, headers) if headers else None


def _trimmed(header: Header) -> Header:
    """The header of a transposed table without the rows before and after the table."""
    known = [
        c.index for c in header.columns if c.role in ("field", "choice", "ignored", "personal")
    ]
    columns = [c for c in header.columns if min(known) <= c.index <= max(known)]
    return Header(header.section, header.top, header.bottom, columns)


def _share_columns(one: Header, other: Header) -> bool:
    return one.left <= other.right and other.left <= one.right
