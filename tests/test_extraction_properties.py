"""Property tests: any sheet is read or reported without a crash, and each fact has its cell."""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.cell_types import raw_text
from sources.grids import Document, ErrorValue, Grid, Paragraph, Span, Uncached
from sources.text import visible

CAMPAIGN = load_campaign()
LABELS = [
    label
    for s in CAMPAIGN.form.sections
    for f in s.fields
    for label in (*f.labels, *f.group, *f.under)
]
WORDS = [
    *CAMPAIGN.form.words.total_words,
    *CAMPAIGN.form.words.footer_words,
    *CAMPAIGN.form.words.ignored_labels,
]
VALUES = st.one_of(
    st.none(),
    st.sampled_from(LABELS),
    st.sampled_from(WORDS),
    st.sampled_from([u.name for u in CAMPAIGN.registry.units]),
    st.text(max_size=12),
    st.integers(-5, 60),
    st.floats(allow_nan=True),
    st.booleans(),
    st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)),
    st.sampled_from(["x", "5/4", "17/18 chi bộ", "Riêng", "31/4"]),
    st.just(ErrorValue("#REF!")),
    st.just(Uncached("A1")),
)
GRIDS = st.lists(st.lists(VALUES, max_size=9), max_size=12)
SPANS = st.lists(st.tuples(*[st.integers(0, 8)] * 4), max_size=4)


def grid_of(rows: list[list], spans: list[tuple[int, int, int, int]]) -> Grid:
    merged = tuple(Span(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in spans)
    return Grid("Bảng", rows, merged)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=GRIDS, spans=SPANS)
def test_random_grid_never_crashes_and_facts_have_their_cells(rows: list, spans: list) -> None:
    found = extract(Document("xlsx", [grid_of(rows, spans)]), CAMPAIGN)
    for fact in found.facts:
        column, row = re.fullmatch(r"([A-Z]+)(\d+)", fact.cell).groups()
        # a text goes on below its cell
        place, last = (
            ord(column) - 65,
            None if fact.section == "text" else int(row),
        )
        cells = [
            cells[place]
            for cells in rows[int(row) - 1 : last]
            if len(column) == 1 and place < len(cells)
        ]
        stands = "\n".join(visible(raw_text(value)) for value in cells)
        pieces = [piece for piece in re.split(r": | / |\n", fact.raw) if piece]
        assert all(piece.strip("…") in stands or " / " in fact.raw for piece in pieces), (
            fact,
            stands,
        )


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(
        st.one_of(
            st.sampled_from(LABELS),
            st.text(max_size=40),
            st.sampled_from(
                [
                    "1. Thuận lợi",
                    "- Tổng số chi bộ: 18.",
                    "Đề xuất: không",
                    "PHỤ LỤC 1",
                    "đồng chí Lê Văn Tám chủ trì",
                ]
            ),
        ),
        max_size=15,
    )
)
def test_random_prose_never_crashes_and_keeps_no_personal_name(texts: list[str]) -> None:
    found = extract(Document("docx", [Paragraph(n, t) for n, t in enumerate(texts, 1)]), CAMPAIGN)
    assert not re.search(r"(?<![^\W\d_])Lê Văn Tám(?![^\W\d_])", repr(found.facts))


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(range(7)),
    above=st.integers(0, 6),
    left=st.integers(0, 5),
    extra=st.booleans(),
)
def test_moved_table_and_columns_change_no_value(
    order: list[int], above: int, left: int, extra: bool
) -> None:
    lines = [
        [
            "TT",
            "Tên chi bộ",
            "Loại hình",
            "Ngày sinh hoạt",
            "Hình thức",
            "Tổng số đảng viên",
            "Số đảng viên dự",
        ],
        [1, "Chi bộ thôn Bóng", "Thôn, tổ dân phố", "05/4/2022", "Riêng", 30, 25],
        [2, "Chi bộ Công an", "Công an", dt.date(2022, 4, 6), "Lồng ghép", 20, 18],
        [None, "Tổng cộng", None, None, None, 50, 43],
    ]
    moved = [
        [*[None] * left, *(line[i] for i in order), *(["Ghi chú"] if extra else [])]
        for line in lines
    ]
    found = extract(Document("xlsx", [Grid("S", [*[[]] * above, *moved])]), CAMPAIGN)
    rows = {n: {f.field: f.value for f in found.facts if f.row == n} for n in (1, 2)}
    assert rows == {
        1: dict(
            name="Chi bộ thôn Bóng",
            kind="village",
            held_on="2022-04-05",
            mode="separate",
            members_total="30",
            members_attended="25",
        ),
        2: dict(
            name="Chi bộ Công an",
            kind="police",
            held_on="2022-04-06",
            mode="combined",
            members_total="20",
            members_attended="18",
        ),
    }
    assert not found.findings
