"""The report's chart as a PNG picture: black on white, legible in print, the same bytes for the
same numbers.

Figures are drawn on their own canvas: pyplot keeps global state, so it stands nowhere here. The
font is DejaVu Sans, which comes with matplotlib and has every Vietnamese letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from warehouse.numbers_vi import printed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_MM = 162
ROW_MM = 2.6
FRAME_MM = 12
MAX_ROWS = 40  # what fits on a page and can still be read
DOTS_PER_INCH = 200
MM_PER_INCH = 25.4
INK, LIGHT = "#1a1a1a", "#d0d0d0"


class Share(NamedTuple):
    """Share (0 to 1) of a commune's village heads who are Party members, now and as planned; None:
    not known."""

    name: str
    now: float | None
    candidates: float | None


@dataclass(frozen=True)
class Chart:
    """A picture for the report: PNG bytes, width in mm, and what it shows, for who cannot see
    it."""

    png: bytes
    width_mm: float
    alt_text: str


def heads_chart(shares: Sequence[Share]) -> Chart:
    """A bar per commune, the highest share on top; a mark where the candidates would bring it.

    Communes with neither share known are left out; of more than MAX_ROWS communes the lowest shares
    are drawn.
    """
    known_now = sorted((s for s in shares if s.now is not None), key=_rank)[:MAX_ROWS]
    only_candidates = sorted(
        (s for s in shares if s.now is None and s.candidates is not None), key=_rank
    )
    drawn = [*only_candidates[: MAX_ROWS - len(known_now)], *known_now]
    figure, axes = _canvas(FRAME_MM + ROW_MM * max(len(drawn), 2))
    rows = range(len(drawn))
    bars = axes.barh(
        rows,
        [100 * (s.now or 0) for s in drawn],
        height=0.74,
        color=LIGHT,
        edgecolor=INK,
        linewidth=0.6,
    )
    known = [(n, 100 * s.candidates) for n, s in enumerate(drawn) if s.candidates is not None]
    marks = axes.scatter(
        [x for _, x in known],
        [n for n, _ in known],
        s=20,
        marker="D",
        color=INK,
        edgecolors="white",
        linewidths=0.5,
        clip_on=False,
        zorder=3,
    )
    for n, share in enumerate(drawn):
        axes.text(
            1, n, printed(share.now, "percent"), va="center", ha="left", fontsize=6.5, color=INK
        )
    axes.set_yticks(list(rows), [s.name for s in drawn], fontsize=7)
    axes.set_ylim(-0.6, len(drawn) - 0.4)
    _percent_axis(axes)
    axes.legend(
        [bars, marks],
        ["Hiện nay", "Nhân sự dự kiến"],
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=2,
        frameon=False,
        fontsize=8,
        borderaxespad=0.2,
    )
    return Chart(_png(figure), WIDTH_MM, _heads_text(drawn))


def _rank(share: Share) -> tuple[float, float, str]:
    return (share.now or 0, share.candidates or 0, share.name)


def _canvas(height_mm: float) -> tuple[Figure, Axes]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(WIDTH_MM / MM_PER_INCH, height_mm / MM_PER_INCH),
        dpi=DOTS_PER_INCH,
        layout="constrained",
    )
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _percent_axis(axes: Axes) -> None:
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 20), [f"{n}%" for n in range(0, 101, 20)], fontsize=7)
    axes.tick_params(length=2)
    axes.grid(axis="x", color="#b0b0b0", linewidth=0.4)
    axes.set_axisbelow(True)


def _png(figure: Figure) -> bytes:
    """The picture without the time and the program that made it."""
    out = BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _heads_text(shares: Sequence[Share]) -> str:
    listed = "; ".join(
        f"{s.name}: {printed(s.now, 'percent')}, nhân sự dự kiến {printed(s.candidates, 'percent')}"
        for s in reversed(shares)
    )
    return (
        f"Biểu đồ tỷ lệ trưởng thôn, tổ trưởng tổ dân phố là đảng viên theo xã, thị trấn. {listed}."
    )
