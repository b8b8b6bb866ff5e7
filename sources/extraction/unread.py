"""The last step: every text that no reader has marked gets a class; one with a number, a finding.

So nothing is dropped without a word, whatever the readers know: what they did not mark is looked at
here, cell by cell and paragraph by paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from sources.extraction.cell_types import raw_text, type_date, type_mark
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.issuer_lines import FrontMatter
from sources.extraction.known_places import KnownPlaces
from sources.extraction.numbers_in_text import has_unexplained_number
from sources.extraction.person_rows import is_about_a_person
from sources.extraction.personal_numbers import HIDDEN
from sources.extraction.text_classes import ClassRun, TextClass
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.grids import Document, Paragraph, Value
from sources.text import clean, fold

T = TypeVar("T")

_ORDINAL = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?[.)]?")
_NUMBERED_NAME = re.compile(r"[a-z ]+ \d{1,2}")  # folded: `Khối 1`, `Tổ 12`
_MAX_ROWS_BELOW_HEADER = 80
_MIN_HEADERS = 3
_MAX_DATE_LETTERS, _MAX_MARK_LETTERS = 12, 2
_MAX_TEXTS_QUOTED = 4  # in one finding
_MAX_LETTERHEAD_ROWS = 12  # of a sheet, in which its letterhead stands


class UnreadCell(NamedTuple):
    """A place that was not read and may hold a value: where, its text, and the rule of its
    finding."""

    row: int
    column: int
    ref: str
    text: str
    rule: str
    section: str | None


def classify_remaining(
    document: Document,
    front_matter: Mapping[str, FrontMatter],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """Gives every non-empty place of the document its class, and raises a finding for what was not
    read.

    Neighbours of one sort are one finding. `front_matter` is that of each part. Fills
    `extract.account`.
    """
    known = KnownPlaces(builder, front_matter.values())
    for view in builder.grid_views:
        rest = _UnmarkedCells(view, vocabulary, builder, known)
        _report(view, rest.find_unread(), vocabulary, builder)
        builder.extract.account += view.account.runs(
            view.sheet, map(view.is_filled, range(view.height))
        )
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    for paragraph, text_class in _paragraph_classes(paragraphs, vocabulary, builder, known):
        builder.extract.account.append(
            ClassRun(paragraph.sheet, paragraph.number, paragraph.number, text_class.letter)
        )


class _UnmarkedCells:
    """What the readers left of one grid."""

    def __init__(
        self, view: GridView, vocabulary: Vocabulary, builder: ExtractBuilder, known: KnownPlaces
    ) -> None:
        self.view, self.vocabulary, self.builder, self.known = view, vocabulary, builder, known
        self.year = vocabulary.campaign.campaign.year
        self.last_ordinals: dict[int, tuple[int, int]] = {}  # by column, the last one and its row
        self.first_table = min((header.top for header in view.headers), default=view.height)

    def find_unread(self) -> list[UnreadCell]:
        """The places that may hold a value, from top to bottom; gives all places their class."""
        found = []
        for row, cells in enumerate(self.view.rows):
            classes = self.view.account.rows.get(row, b"")
            for column, value in enumerate(cells):
                if (
                    value is None
                    or (column < len(classes) and classes[column])
                    or not raw_text(value).strip()
                ):
                    continue
                ref = self.view.ref(row, column)
                text_class = self.known.class_at(self.view.sheet, ref) or self.known.class_of_plain(
                    self.view.sheet, ref, self._class_of(row, column, value)
                )
                self.view.account.mark(row, column, text_class)
                if text_class is TextClass.UNREAD and not self.known.is_reported(
                    self.view.sheet, ref
                ):
                    found.append(
                        UnreadCell(row, column, ref, raw_text(value), *self._rule(row, column))
                    )
        return found

    def _rule(self, row: int, column: int) -> tuple[str, str | None]:
        above = [h for h in self.view.headers if h.top <= row]
        section = above[-1].section.key if above else None
        beside = any(
            c == TextClass.VALUE for c in self.view.account.rows.get(row, b"")
        ) and not any(h.left <= column <= h.right for h in above)
        return "value_outside_table" if above and beside else "not_read", section

    def _class_of(self, row: int, column: int, value: Value) -> TextClass:
        text = raw_text(value)
        if self._is_ordinal(row, column, text):
            return TextClass.LABEL
        if isinstance(value, str) and _is_label(text, self.vocabulary):
            return TextClass.LABEL
        if self._is_below_ignored_header(row, column):
            return TextClass.IGNORED
        if not isinstance(value, str) or self._is_mark_or_day(value):
            return TextClass.UNREAD
        return self._class_of_text(row, text)

    def _is_below_ignored_header(self, row: int, column: int) -> bool:
        """Whether words above a place are the head of a column that the form declares to be
        ignored."""
        return any(
            isinstance(v := self.view.own(above, column), str)
            and fold(v) in self.vocabulary.ignored_columns
            and self._is_header_row(above)
            for above in range(row - 1, max(row - _MAX_ROWS_BELOW_HEADER, 0) - 1, -1)
        )

    def _is_header_row(self, row: int) -> bool:
        cells = [v for v in self.view.rows[row] if v not in (None, "")]
        return len(cells) >= _MIN_HEADERS and all(isinstance(v, str) for v in cells)

    def _class_of_text(self, row: int, text: str) -> TextClass:
        if has_unexplained_number(text, self.vocabulary):
            return TextClass.UNREAD
        if self.vocabulary.lines.is_footer(text):
            return TextClass.SIGNATURE
        if row < min(self.first_table, _MAX_LETTERHEAD_ROWS):
            return TextClass.TITLE
        return TextClass.NOTE

    def _is_mark_or_day(self, text: str) -> bool:
        """Whether a text is a mark or a day and nothing else."""
        if len(text) > _MAX_DATE_LETTERS:
            return False
        is_mark = (
            len(clean(text)) <= _MAX_MARK_LETTERS and type_mark(text, self.vocabulary) == "true"
        )
        return is_mark or isinstance(type_date(text, self.year), str)

    def _is_ordinal(self, row: int, column: int, text: str) -> bool:
        """Whether a number counts on the lines of its column, each with a text behind it."""
        match = _ORDINAL.fullmatch(clean(text))
        if not match or not self._text_follows(row, column):
            return False
        number, (last, at) = int(match[1]), self.last_ordinals.get(column, (0, -1))
        if match[2] and number == last:
            return True
        if number != 1 and not (last and 0 < number - last <= row - at):
            return False
        self.last_ordinals[column] = number, row
        return True

    def _text_follows(self, row: int, column: int) -> bool:
        following = next(
            (v for v in self.view.rows[row][column + 1 :] if v not in (None, "")), None
        )
        return isinstance(following, str) and any(c.isalpha() for c in following)


@lru_cache(maxsize=8192)
def _is_label(text: str, vocabulary: Vocabulary) -> bool:
    folded = fold(text)
    if (
        vocabulary.find_pair(text)
        or folded in vocabulary.section_headings
        or folded in vocabulary.ignored_labels
        or folded in vocabulary.ignored_columns
    ):
        return True
    return (
        _NUMBERED_NAME.fullmatch(folded) is not None
        and folded.rpartition(" ")[0] in vocabulary.numbered_names
    )


def _paragraph_classes(
    paragraphs: list[Paragraph],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    known: KnownPlaces,
) -> Iterator[tuple[Paragraph, TextClass]]:
    find_unread: list[Paragraph] = []
    for paragraph in paragraphs:
        place = paragraph.sheet, paragraph.ref
        marked = builder.paragraphs.get(place)  # who marks one as unread has said so
        text_class = (
            marked
            or known.class_at(*place)
            or known.class_of_plain(*place, _class_of_paragraph(paragraph, vocabulary))
        )
        if text_class is TextClass.UNREAD and marked is None and not known.is_reported(*place):
            find_unread.append(paragraph)
        yield paragraph, text_class
    for group in _runs(
        find_unread, lambda one, other: one.part == other.part and other.number - one.number <= 1
    ):
        builder.add_finding(
            "not_read", group[0].sheet, group[0].ref, value=_quoted([p.text for p in group])
        )


def _class_of_paragraph(paragraph: Paragraph, vocabulary: Vocabulary) -> TextClass:
    if has_unexplained_number(paragraph.text, vocabulary):
        return TextClass.UNREAD
    if vocabulary.lines.is_footer(paragraph.text):
        return TextClass.SIGNATURE
    return TextClass.TITLE if paragraph.heading else TextClass.NOTE


def _report(
    view: GridView, places: list[UnreadCell], vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """One finding for neighbours of one sort: a column of numbers, the rows of a table that nobody
    knows.

    Where one of their rows is about a person, none of the texts is quoted.
    """
    titles = vocabulary.campaign.form.words.name_titles
    for group in _runs(
        places, lambda one, other: other.row - one.row <= 1 and one[4:] == other[4:]
    ):
        first = group[0]
        private = any(
            is_about_a_person(view, row, titles) for row in sorted({place.row for place in group})
        )
        builder.add_finding(
            first.rule,
            view.sheet,
            first.ref,
            section=first.section,
            value=HIDDEN if private else _quoted([place.text for place in group]),
        )


def _quoted(texts: list[str]) -> str:
    """The first few texts, and how many more there are."""
    more = (
        f" … (còn {len(texts) - _MAX_TEXTS_QUOTED} chỗ)" if len(texts) > _MAX_TEXTS_QUOTED else ""
    )
    return shorten(" · ".join(shorten(text, 40) for text in texts[:_MAX_TEXTS_QUOTED])) + more


def _runs(items: Iterable[T], go_together: Callable[[T, T], bool]) -> Iterator[list[T]]:
    """Runs of neighbours that go together."""
    run: list[T] = []
    for item in items:
        if run and not go_together(run[-1], item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run
