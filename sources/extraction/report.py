"""From a document to facts and findings: the order in which a report is read."""

from __future__ import annotations

from collections.abc import Sequence

from sources.campaigns import Campaign
from sources.extraction.captions import Captioned, caption, lines_above, set_aside
from sources.extraction.collected import Collected, shorten
from sources.extraction.combined_columns import split_columns
from sources.extraction.counts_in_names import report_counts_in_names
from sources.extraction.declared import read_declaration
from sources.extraction.derived_grids import DerivedGrid
from sources.extraction.facts import Extract
from sources.extraction.headers import Header, find_headers
from sources.extraction.hidden_names import without_names
from sources.extraction.issuer import find_issuer, is_of_district, statements
from sources.extraction.issuer_lines import openings
from sources.extraction.labelled import pair_in_text
from sources.extraction.letterhead import first_lines, read_letterhead
from sources.extraction.listed_corrections import take_listed_corrections
from sources.extraction.matrices import without_matrices
from sources.extraction.org_lines import Place, branch_names, settle_lines
from sources.extraction.other_units import set_parts_aside
from sources.extraction.pairs import read_pairs
from sources.extraction.prose import ProseReader
from sources.extraction.row_corrections import read_row_corrections
from sources.extraction.row_notes import report_row_notes
from sources.extraction.shifted_rows import set_shifted_rows_aside
from sources.extraction.stated import state_wholes
from sources.extraction.tables import TableReader
from sources.extraction.text_classes import MappedAccount
from sources.extraction.unasked import set_unasked_aside
from sources.extraction.unread import account_for
from sources.extraction.unseen import report_unseen
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary, vocabulary_of
from sources.extraction.wide_rows import read_wide_tables
from sources.grids import Document, Grid, Paragraph


def extract(document: Document, campaign: Campaign) -> Extract:
    """What `understand` makes of the document, with people's names hidden: the only form in which it may be kept."""
    return without_names(understand(document, campaign), campaign)


def understand(document: Document, campaign: Campaign) -> Extract:
    """All facts that the document states, each with its sheet and ref, and what was seen wrong on the way.

    Pairs (`info`, `text`) come first, rows of tables after them in the order of the document. Never raises for what
    a document says: what cannot be understood is a finding.
    """
    vocabulary = vocabulary_of(campaign)
    opened = openings(document, vocabulary)
    stated = {
        part: list(statements(opening, vocabulary.issuers)) for part, opening in opened.items()
    }
    collected = Collected()
    grids = GridReader(vocabulary, collected)
    prose = ProseReader(vocabulary, collected, is_of_district(stated, vocabulary))
    above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            prose.read(block)
            above.append(block.text.strip())
        elif block.hidden:
            _say_hidden(block, vocabulary, collected)
        else:
            prose.close()
            grids.read(block, above[: -_MAX_PARAGRAPHS_ABOVE - 1 : -1])
            above = []
    prose.finish()
    state_wholes(vocabulary, collected)
    collected.check_pairs(vocabulary.campaign.form.sections)
    first = list(first_lines(document))
    read_letterhead(first, vocabulary, collected)
    issuers = find_issuer(document, stated, vocabulary, collected)
    set_unasked_aside(vocabulary, collected)
    settle_lines(grids.branches, vocabulary, collected)
    read_wide_tables(collected.wide_tables, vocabulary, collected)
    read_declaration(document, first, vocabulary, collected.extract)
    read_row_corrections(document, vocabulary, collected)
    collected.extract.whole_sections = collected.summed_up()
    collected.extract.not_held_rows = tuple(
        f"{section}:{row}" for section, row in collected.not_held
    )
    set_aside(grids.captioned, vocabulary, collected)
    set_parts_aside(document, issuers, vocabulary, collected)
    set_shifted_rows_aside(document, campaign.form, collected)
    report_row_notes(document, vocabulary, collected)
    report_counts_in_names(vocabulary, collected)
    report_unseen(document, vocabulary, collected)
    for member in document.skipped:
        collected.finding("member_skipped", member, None, value=shorten(member))
    account_for(document, opened, vocabulary, collected)
    return collected.done()


def _say_hidden(grid: Grid, vocabulary: Vocabulary, collected: Collected) -> None:
    """A hidden sheet is none that its sender sees: an old table left in it does not count, and is said to be there."""
    aside = Collected()
    GridReader(vocabulary, aside).read(grid)
    facts = [fact for fact in aside.done().facts if fact.raw]
    if facts:
        first = facts[0]
        collected.finding(
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
    """Reads grids in their order; a table may go on in the next grid without a header of its own."""

    def __init__(self, vocabulary: Vocabulary, collected: Collected) -> None:
        self.vocabulary, self.collected = vocabulary, collected
        self.last: Header | None = None
        self.captioned: list[Captioned] = []
        self.branches: dict[Place, str] = {}  # the branches that lines name beside their communes
        self.above: Sequence[str] = ()

    def read(self, grid: Grid, above: Sequence[str] = ()) -> None:
        """Reads the tables of a grid, then the pairs on the rows that no table has taken.

        `above` holds the paragraphs above a Word table, the nearest first.
        """
        whole = GridView(grid)
        self.collected.views.append(whole)
        self.above = above
        for part in without_matrices([grid], self.vocabulary):
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
        if not headers and (
            listed := take_listed_corrections(view, self.vocabulary, self.collected)
        ):
            read_pairs(
                view,
                [r for r in range(view.height) if r not in listed],
                self.vocabulary,
                self.collected,
            )
            return
        if not headers and self._continue(view):
            return
        if not headers and (turned := self._turned(view)):
            self._read_tables(*turned)
            taken = {c.index for header in turned[1] for c in header.columns}
        else:
            taken = self._read_tables(view, headers)
        free = [r for r in range(view.height) if r not in taken]
        read_pairs(view, free, self.vocabulary, self.collected)

    def _read_tables(self, view: GridView, headers: list[Header]) -> set[int]:
        taken: set[int] = set()
        view, headers = split_columns(view, headers, self.vocabulary, self.collected)
        for number, header in enumerate(headers):
            reader = TableReader(view, header, self.vocabulary, self.collected)
            below = (
                headers[n] for n in range(number + 1, len(headers))
            )  # from top to bottom: the first one counts
            stop = next(
                (h.top for h in below if h.top > header.bottom and _share_columns(h, header)),
                view.height,
            )
            before = self.collected.rows[header.section.key]
            rows = reader.read(
                header.bottom + 1, stop, lambda row, r=reader: self._ends(view, row, r)
            )
            self._note_caption(view, header, before)
            view.mark_header(header)
            self.branches |= branch_names(view, header)
            taken.update(rows, range(header.top, header.bottom + 1))
            self.last = header
        return taken

    def _note_caption(self, view: GridView, header: Header, before: int) -> None:
        key = header.section.key
        said = caption((*lines_above(view, header.top), *self.above), self.vocabulary)
        if self.collected.rows[key] > before and (said[0] or said[2] or said[3]):
            ref = view.ref(header.top, header.left)
            self.captioned.append(
                Captioned(key, before + 1, self.collected.rows[key], view.sheet, ref, *said)
            )

    def _ends(self, view: GridView, row: int, reader: TableReader) -> bool:
        """A table ends where pairs of label and value begin."""
        header = reader.header
        cells = [v for v in view.rows[row][header.left : header.right + 1] if v is not None]
        if len(cells) > _MAX_CELLS_IN_PAIR_ROW:
            return False
        texts = [v for v in cells[:3] if isinstance(v, str)]
        labelled = any(self.vocabulary.pair(t) or pair_in_text(t, self.vocabulary) for t in texts)
        return labelled and not reader.fits(row)

    def _continue(self, view: GridView) -> bool:
        """Reads a grid without a header as the rest of the table before it, where every row fits."""
        if self.last is None:
            return False
        header = self.last
        rest = Header(header.section, -1, -1, header.columns)
        reader = TableReader(view, rest, self.vocabulary, self.collected)
        rows = [r for r in range(view.height) if view.filled_columns(r)]
        fitting = [r for r in rows if reader.fits(r)]
        if not fitting or fitting[0] != rows[0] or len(fitting) < len(rows) / 2:
            return False
        reader.read(0, view.height, lambda row: False)
        self.collected.finding(
            "table_without_header",
            view.sheet,
            view.ref(rows[0], header.left),
            section=header.section.key,
            value=shorten(
                " ".join(view.own_text(rows[0], c) for c in view.filled_columns(rows[0]))
            ),
        )
        return True

    def _turned(self, view: GridView) -> tuple[GridView, list[Header]] | None:
        """The grid with rows and columns exchanged, where a table lies on its side: more of its rows than are pairs."""
        texts = {
            row: [v for v in cells if isinstance(v, str) and 0 < len(v) < _MAX_LABEL_LETTERS]
            for row, cells in enumerate(view.rows)
        }
        named = any(self.vocabulary.names_rows(text) for said in texts.values() for text in said)
        pairs: set[int] = set()
        for row, said in texts.items():
            if any(
                self.vocabulary.pair(text) or pair_in_text(text, self.vocabulary) for text in said
            ):
                pairs.add(row)
            if len(pairs) >= _MIN_PAIRS and not named:
                return None
        turned = view.transposed()
        headers = [_upright(header) for header in find_headers(turned, self.vocabulary)]
        rows = {c.index for header in headers for c in header.columns}
        if len(pairs) >= _MIN_PAIRS:
            told = sum(len(h.keys) for h in headers if h.holds_row_key)
            headers = headers if told > len(pairs & rows) else []
        return (turned, headers) if headers else None


def _upright(header: Header) -> Header:
    """The header of a table that lies on its side without the rows before and after it, which are none of it."""
    known = [
        c.index for c in header.columns if c.role in ("field", "choice", "ignored", "personal")
    ]
    columns = [c for c in header.columns if min(known) <= c.index <= max(known)]
    return Header(header.section, header.top, header.bottom, columns)


def _share_columns(one: Header, other: Header) -> bool:
    return one.left <= other.right and other.left <= one.right
