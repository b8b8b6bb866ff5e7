"""Files that cost their reader as much as their few bytes can, made from a seed.

`costly_files(count, seed)` yields them; the same arguments give the same bytes. Each is small when
packed, and within or near the campaign's limits of cells, rows and sheets: nothing refuses it
before it is read.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from random import Random

from hostile_files import SHEET, document, spreadsheet, workbook
from hostile_zips import zipped

WORDS = (  # what a pattern, a table or a list of names may take for its own, and go on looking behind
    "Tên chi bộ",
    "Ngày sinh hoạt",
    "Tổng số đảng viên",
    "Số đảng viên dự",
    "Chi bộ thôn",
    "Tổng số chi bộ",
    "Cộng",
    "Tổng cộng",
    "Đơn vị báo cáo",
    "Đảng ủy xã Vô Danh",
    "Thuận lợi",
    "Kiến nghị",
    "Tổng số: 5",
    "01/4/2022",
    "5/4",
    "đồng chí ",
    "các đ/c: A, B, C",
    "ông",
    "N.V. ",
    "Nguyễn Văn ",
    "BT",
    "0912 345 67",
    "a@",
    "1.234",
    "12,5%",
    "x",
    "ngày 05 tháng 4 năm 2022",
    "đã tổ chức sinh hoạt",
    "x x x",
    "không",
    "Lồng ghép",
    "Riêng",
    "Như trên",
    "nt",
    "1",
    "Đính chính",
    "sửa lại là",
    "trong đó",
    "PHỤ LỤC 1",
    "I.",
    "1.",
    "- ",
    "Số 15-BC/ĐU",
    "Trường",
    "Hội Nông dân",
    "UBND",
    "Biểu số 2",
    "(chi bộ)",
    "Loại hình",
    "0",
    "-",
    "…",
    "Thôn Cầu - ",
    "STT",
    "Ghi chú",
)
HEAD = (
    "STT",
    "Tên chi bộ",
    "Loại hình",
    "Ngày sinh hoạt",
    "Hình thức",
    "Tổng số đảng viên",
    "Số đảng viên dự",
)


def costly_files(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """That many files, each kind in turn; what each is, and its bytes."""
    for number in range(count):
        rng = Random(f"{seed}/costly/{number}")
        how, make = KINDS[number % len(KINDS)]
        yield f"{number} {how}", make(rng)


def _text(rng: Random, most: int) -> str:
    """Up to so many letters: a few words in turn, again and again."""
    words = rng.choices(WORDS, k=rng.choice((1, 2, 5)))
    text = rng.choice((" ", ", ", "; ", "", ": ", " - ")).join(words) + rng.choice(("", " ", ";"))
    return (text * (most // len(text) + 1))[:most]


def _line(rng: Random, width: int, letters: int = 0) -> list[str]:
    return [_text(rng, letters) if letters else rng.choice(WORDS) for _ in range(width)]


def _grid(rng: Random, cells: int, letters: int = 0) -> list[list[str]]:
    """About so many cells, high or wide, in rows of a few kinds: under one header, under many, or
    under none."""
    width = rng.choice((1, 2, 7, 60, 250))
    height = min(4_900, max(2, cells // width))
    kinds = [_line(rng, width, letters) for _ in range(rng.choice((1, 3, 40)))]
    rows = [rng.choice(kinds) for _ in range(height)]
    every = rng.choice((2, 50, height, 0))
    return [
        [*HEAD, *row] if every and number % every == 0 else row for number, row in enumerate(rows)
    ]


def _sheet(rows: list[list[str]], merged: str = "") -> str:
    def cell(text: str) -> str:
        return (
            f"<c><v>{text}</v></c>"
            if text.isdigit()
            else f'<c t="inlineStr"><is><t>{text}</t></is></c>'
        )

    return SHEET.format("".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows), merged)


def _merged(rng: Random) -> str:
    """Ranges beside each other, whose cells are together as many as a file may have."""
    high, wide = rng.choice(((4_000, 2), (2, 250), (60, 60), (1, 16_000)))
    ranges = [
        f'<mergeCell ref="A{1 + n * high}:{_letters(wide)}{(n + 1) * high}"/>'
        for n in range(min(4_900 // high, 400_000 // (high * wide)))
    ]
    return f"<mergeCells>{''.join(ranges)}</mergeCells>"


def _letters(column: int) -> str:
    return (_letters((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)


def _table(rows: list[list[str]]) -> str:
    def cell(text: str) -> str:
        return f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    return f"<w:tbl>{''.join(f'<w:tr>{chr(0).join(map(cell, row))}</w:tr>' for row in rows)}</w:tbl>".replace(
        "\0", ""
    )


def _paragraphs(rng: Random, count: int, letters: int) -> str:
    kinds = [
        f"<w:p><w:r><w:t>{_text(rng, rng.randrange(1, letters))}</w:t></w:r></w:p>"
        for _ in range(40)
    ]
    return "".join(rng.choice(kinds) for _ in range(count))


def _ods(rng: Random) -> bytes:
    many = f't:number-rows-repeated="{rng.choice((2, 100, 4_000))}"'
    rows = (
        "".join(
            f'<t:table-cell o:value-type="string"><x:p>{text}</x:p></t:table-cell>' for text in row
        )
        for row in _grid(rng, 2_000)
    )
    return spreadsheet(
        "".join(
            f"<t:table-row {many if n % 500 == 0 else ''}>{row}</t:table-row>"
            for n, row in enumerate(rows)
        )
    )


def _csv(rng: Random, cells: int, letters: int = 0) -> bytes:
    rows = _grid(rng, cells, letters)
    return "\n".join(rng.choice(";\t").join(row) for row in rows).encode()


KINDS: tuple[tuple[str, Callable[[Random], bytes]], ...] = (
    ("one full sheet", lambda rng: workbook(_sheet(_grid(rng, 15_000)), stored=False)),
    (
        "many sheets",
        lambda rng: workbook(*[_sheet(_grid(rng, 4_000)) for _ in range(90)], stored=False),
    ),
    ("long texts", lambda rng: workbook(_sheet(_grid(rng, 60, 15_000)), stored=False)),
    ("middling texts", lambda rng: workbook(_sheet(_grid(rng, 2_500, 400)), stored=False)),
    ("ranges merged", lambda rng: workbook(_sheet(_grid(rng, 9_000), _merged(rng)), stored=False)),
    ("prose", lambda rng: document(_paragraphs(rng, 4_000, 300))),
    ("long paragraphs", lambda rng: document(_paragraphs(rng, 60, 20_000))),
    ("Word tables", lambda rng: document("".join(_table(_grid(rng, 2_000)) for _ in range(8)))),
    (
        "prose and tables in turn",
        lambda rng: document(
            "".join(_paragraphs(rng, 3, 200) + _table(_grid(rng, 12)[:3]) for _ in range(400))
        ),
    ),
    ("repeated rows", _ods),
    ("wide text", lambda rng: _csv(rng, 60_000)),
    ("long lines", lambda rng: _csv(rng, 200, 5_000)),
    (
        "an archive of reports",
        lambda rng: zipped({f"{n}.csv": _csv(rng, 300) for n in range(1_500)}),
    ),
)
SLOW: tuple[tuple[str, Callable[[Random], bytes]], ...] = (
    ("docx", lambda rng: _packed(document(_paragraphs(rng, 60, 20_000)))),
    ("zip", lambda rng: zipped({"a.csv": _csv(rng, 200, 4_000)})),
)


def slow_file(rng: Random) -> tuple[str, bytes]:
    """Some 30 kB that take up to the whole time of a file, and how its name ends."""
    suffix, make = rng.choice(SLOW)
    return suffix, make(rng)


def _packed(package: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})
