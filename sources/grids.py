"""What a reader yields: a document of grids of cells and of paragraphs, in the order in which they
stand.

A value is what the file holds: str, int, float, bool, date, datetime, time or timedelta. An empty
cell is None, a formula that the sender's program never computed is Uncached, an error such as #REF!
an ErrorValue: three things.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

NOT_OPENED_NOTE = (
    b"tonghop: this message was not opened\n"  # begins what stands for one that is too much
)
TOO_LARGE_NOTE = (
    b"tonghop: this file was too large to keep\n"  # and for a file that is not kept for its size
)


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error that stands in a cell in place of a value, such as #REF!."""

    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Uncached:
    """A formula whose result the file does not hold."""

    formula: str

    def __str__(self) -> str:
        return f"={self.formula}"


Value = (
    str
    | int
    | float
    | bool
    | dt.date
    | dt.datetime
    | dt.time
    | dt.timedelta
    | ErrorValue
    | Uncached
    | None
)


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range, zero-based, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a cell or paragraph holds and its value does not: struck out text, raised note marks,
    hidden text."""

    struck: str = ""
    raised: str = ""
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class PictureReading:
    """How sure a value is that was read from the picture of a page, and where it stands there.

    page        number of the page, from 1
    box         left, top, right, bottom in ten thousandths of the page's width and height, as the
                page is shown (a PDF's turn applied, a photograph not straightened)
    confidence  0 to 100, of the least sure character
    is_sure     both engines read the same, or the digit engine alone is sure enough
    """

    page: int
    box: tuple[int, int, int, int]
    confidence: int
    is_sure: bool


@dataclass(slots=True)
class Grid:
    """A sheet, a Word table or a delimited file: `rows[r][c]` from A1 on, rows of unequal length
    allowed.

    The value of a merged range stands in its top left cell, the others hold None. `sheet` is what
    lineage calls it. `raw` holds, by (row, column), the file's own text where the value was
    converted, as text of a legacy font is. Hidden rows and columns are empty in `rows`; their
    values are in `concealed`. Rows that a filter hides stay in `rows`. `left_out` holds what was
    taken out of single cells, `comments` the comments on them. `readings` says of each cell that
    was read from a picture how it was read; it is empty for a file of text.
    """

    sheet: str
    rows: list[list[Value]]
    merged: tuple[Span, ...] = ()
    hidden: bool = False
    source: Literal["sheet", "table", "delimited"] = "sheet"
    raw: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered_rows: frozenset[int] = frozenset()
    concealed: dict[tuple[int, int], Value] = field(default_factory=dict)
    left_out: dict[tuple[int, int], LeftOut] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    readings: dict[tuple[int, int], PictureReading] = field(default_factory=dict)

    @staticmethod
    @lru_cache(maxsize=16384)  # asked for at every cell of the same few rows and columns
    def ref(row: int, column: int) -> str:
        """The A1 reference of a zero-based place."""
        return f"{column_letters(column)}{row + 1}"


@dataclass(slots=True)
class Paragraph:
    """A paragraph of a Word file's body; `number` counts from 1, `heading` that its style or weight
    makes it one."""

    number: int
    text: str
    heading: bool = False
    part: str = ""
    left_out: LeftOut | None = None
    comment: str = ""
    reading: PictureReading | None = None

    @property
    def sheet(self) -> str:
        """What lineage calls the place."""
        return f"{self.part}Đoạn {self.number}"

    @property
    def ref(self) -> str:
        """The paragraph's number, as the place within it."""
        return str(self.number)


# A new kind also belongs into the sets below, or PAGE_KINDS of page_engines.py, that fit it.
FileKind = Literal[
    "xlsx",
    "xlsm",
    "xlsb",
    "xls",
    "ods",
    "docx",
    "docm",
    "doc",
    "odt",
    "rtf",
    "html",
    "pdf",
    "scan",
    "xml",
    "wordxml",
    "mht",
    "csv",
    "zip",
    "eml",
    "msg",
]
# Of which a file is one running text, its tables parts of it.
RUNNING_TEXT_KINDS = frozenset[str](
    ("docx", "docm", "doc", "odt", "rtf", "html", "wordxml", "mht", "pdf", "scan", "csv")
)

# Of which a file is several files in one.
ARCHIVE_KINDS = frozenset[str](("zip", "eml", "msg"))


@dataclass(slots=True)
class Document:
    """All that one file holds, its grids and paragraphs in reading order.

    `skipped` names the members of an archive that are not read (sounds, pictures beside a report),
    so that none vanishes without a word. `unseen` holds the paragraphs that are struck out or hidden as a whole:
    they are no blocks.
    """

    kind: FileKind
    blocks: list[Grid | Paragraph] = field(default_factory=list)
    macros: bool = False
    skipped: list[str] = field(default_factory=list)
    unseen: list[Paragraph] = field(default_factory=list)


class RefusedFile(Exception):
    """A file that is not read: `rule` is `unreadable` or `unsafe`, `reason` is the Vietnamese text,
    why and what to do."""

    def __init__(self, rule: Literal["unreadable", "unsafe"], reason: str) -> None:
        super().__init__(reason)
        self.rule, self.reason = rule, reason


@lru_cache(maxsize=4096)
def column_letters(column: int) -> str:
    """The letters of a zero-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
