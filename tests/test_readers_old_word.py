"""Old Word files (.doc) read as the same text saved as docx does; what cannot be read is refused
with a reason."""

from __future__ import annotations

import importlib.util
import io
import struct
from pathlib import Path
from random import Random

import olefile
import pytest

from sources.campaigns import load_campaign
from sources.grids import Document, Grid, LeftOut, Paragraph, RefusedFile, Span
from sources.readers import read

LIMITS = load_campaign().limits
DOC = (Path(__file__).parent / "fixtures" / "old_word.doc").read_bytes()


def _changed(place: int, value: bytes) -> bytes:
    """The file with other bytes at a place of its main stream."""
    buffer = io.BytesIO(DOC)
    with olefile.OleFileIO(buffer, write_mode=True) as container:
        stream = bytearray(container.openstream("WordDocument").read())
        stream[place : place + len(value)] = value
        container.write_stream("WordDocument", bytes(stream))
    return buffer.getvalue()


def _read() -> Document:
    return read(DOC, LIMITS)


def test_paragraphs_of_doc_are_read_without_struck_hidden_and_raised_text() -> None:
    document = _read()
    assert document.kind == "doc"
    assert not document.macros
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert [paragraph.text for paragraph in paragraphs] == [
        "Số chi bộ đã tổ chức sinh hoạt: 15",
        "Tổng số đảng viên: 12",
        "Đường phố",
        "Sau bảng",
    ]
    assert paragraphs[1].left_out == LeftOut(struck="9", raised="1", hidden="7")


def test_table_of_doc_has_merged_cells_and_all_paragraphs_of_a_cell() -> None:
    [grid] = [block for block in _read().blocks if isinstance(block, Grid)]
    assert grid.rows == [
        ["Tên", "Số\nGhi chú", None],
        ["Thôn Một", "12", "dòng một\ndòng hai"],
        ["Thôn Hai", "34", "a"],
        [None, "56", "b"],
    ]
    assert grid.merged == (Span(0, 1, 0, 2), Span(2, 0, 3, 0))


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (0x0B, b"\x13", "mật khẩu"),
        (0x00, b"\xdc\xa5\x65\x00", "trước Word 97"),
        (0x02, struct.pack("<H", 0x68), "trước Word 97"),
        (0x00, b"\0\0", "trước Word 97"),
        (0x4C, struct.pack("<I", 0x7FFFFFFE), "bị hỏng"),  # more letters than there are
    ],
)
def test_doc_that_cannot_be_read_is_refused_with_reason(
    place: int, value: bytes, reason: str
) -> None:
    with pytest.raises(RefusedFile, match=reason):
        read(_changed(place, value), LIMITS)


def test_doc_is_refused_by_name_of_extra_where_that_is_absent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RefusedFile, match=r"tonghop\[doc\].*\.docx"):
        _read()


def test_damaged_doc_is_read_or_refused() -> None:
    for seed in range(300):
        rng, data = Random(seed), bytearray(DOC)
        for _ in range(rng.choice((1, 8, 60))):
            place = rng.randrange(512, len(data) - 4)
            struct.pack_into(
                "<I", data, place, rng.choice((0, 1, 0xFFFF, 0xFFFFFFFF, rng.getrandbits(32)))
            )
        try:
            read(bytes(data), LIMITS)
        except RefusedFile as refused:
            assert refused.reason
