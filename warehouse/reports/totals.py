"""The campaign's totals as the page shows them: each number as the report prints it, a part beside
its whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import duckdb

from sources.form import Form
from warehouse.reports.queries import query
from warehouse.schema import pair_fields

# Figures made from rows, each with the figure that it is a part of.
FROM_ROWS = (
    ("cells_in_window", "cells_held"),
    ("org_branches_held", "org_branches_total"),
    ("org_members_attended", "org_members_total"),
    ("candidates_compared", "villages_compared"),
)
# The two numbers of a share that is not over all units, since some give only one of them.
SHARE_OF = {
    "cells_held": ("cells_held_known", "cells_known"),
    "members_attended": ("members_attended_known", "members_known"),
    "org_branches_held": ("org_branches_held_known", "org_branches_known"),
    "org_members_attended": ("org_members_attended_known", "org_members_known"),
    "village_heads_party": ("village_heads_party_known", "villages_heads_known"),
}
# The same of the whole district, where the register is known: part, whole and share.
OF_REGISTER = (
    ("cells_held", "register_cells", "cells_held_register_share"),
    ("members_attended", "register_members", "members_attended_register_share"),
    ("org_branches_held", "register_branches", "org_branches_held_register_share"),
)


# Of a part: the rows of its whole of which nobody knows whether they are in the part.
UNKNOWN_OF = {"cells_in_window": "cells_date_unknown"}


class PageFigure(NamedTuple):
    """A number of the consolidated report: its value, how the report prints it, and what it
    counts."""

    value: float | None
    printed: str
    description: str


class Total(NamedTuple):
    """A total: what it counts, its number, and where it is part of a whole, that number and the
    share; all printed.

    `figure` and `whole_figure` are their names; the latter is empty where there is no whole, both
    beside a number of the register.
    """

    label: str
    printed: str
    whole: str
    share: str
    figure: str
    whole_figure: str


def read_figures(con: duckdb.DuckDBPyConnection) -> dict[str, PageFigure]:
    """The figures of the report by their names."""
    rows = con.execute(query("figures_described")).fetchall()
    return {name: PageFigure(*figure) for name, *figure in rows}


def totals(figures: Mapping[str, PageFigure], form: Form) -> list[Total]:
    """The totals of the fields with `summed`, those made from rows, then those of the whole
    district by its register; only figures of the report."""
    fields = {f.key: f for _, f in pair_fields(form) if f.summed}
    wholes = {f.limit for f in fields.values()}  # shown beside their part, not on their own
    summed = [(f.key, f.limit) for f in fields.values() if f.key not in wholes]
    return [
        *(_total(figures, part, whole) for part, whole in (*summed, *FROM_ROWS) if part in figures),
        *(
            _of_register(figures, *names)
            for names in OF_REGISTER
            if names[2] in figures and figures[names[2]].value is not None
        ),
    ]


def _of_register(figures: Mapping[str, PageFigure], part: str, whole: str, share: str) -> Total:
    """The part stands with its sources above; no file gives the whole."""
    printed = figures[share].printed
    label = figures[share].description
    return Total(label, figures[part].printed, figures[whole].printed, printed, "", "")


def _total(figures: Mapping[str, PageFigure], part: str, whole: str | None) -> Total:
    """The part as part of its whole, else (whole unknown or nothing) the part alone."""
    shown, of = SHARE_OF.get(part, (part, whole))
    if shown not in figures or of not in figures:
        shown, of = part, whole
    if not _is_part_of(figures, shown, of):
        # before the first report sums are 0, the numbers of a share unknown
        is_before_reports = whole is not None and whole in figures and figures[whole].value == 0
        alone = figures[shown if is_before_reports else part]
        return Total(figures[part].description, alone.printed, "", "", part, "")
    share = figures.get(f"{part}_share")
    return Total(
        figures[part].description,
        figures[shown].printed,
        figures[of].printed if of else "",
        share.printed if share else "",
        part,
        whole or "",
    )


def _is_part_of(figures: Mapping[str, PageFigure], part: str, whole: str | None) -> bool:
    """Whether both numbers are known, the whole is not nothing, and of no row of the whole it is
    unknown whether it is in the part."""
    if whole is None or whole not in figures:
        return False
    if not figures[whole].value or figures[part].value is None:
        return False
    unknown = figures.get(UNKNOWN_OF.get(part, ""))
    return unknown is None or not unknown.value
