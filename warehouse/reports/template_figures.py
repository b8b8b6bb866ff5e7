"""The numbers of the consolidated report as its template sees them: `so.cells_held` prints as
`report_figure` has it.

`so.units_late.commune` is the figure named units_late.commune. A figure that the campaign does not
declare, or whose value is not known, is false in a condition; printing one that is not declared is
a mistake in the template and stops the report with its name. Figures that no sentence printed are
listed by `so.con_lai`, unless that number stands in the report already, so that it holds every
figure of the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import duckdb

from sources.campaigns import Campaign
from warehouse.figures import load_figures
from warehouse.numbers_vi import UNKNOWN
from warehouse.reports.queries import query
from warehouse.schema import pair_fields

NOTHING = "0"


class FigureNotDeclared(Exception):
    """The template prints a figure that report_figure does not have; correct the template, or declare
    the figure."""

    def __init__(self, figure: str) -> None:
        super().__init__(
            f"bao-cao-tong-hop.docx prints {{{{ so.{figure} }}}}, which figures.toml does not declare for "
            f"this campaign; put the sentence under {{%p if so.{figure} %}}, or correct the name"
        )
        self.figure = figure


@dataclass
class TemplateFigure:
    """One number: `value` (a share is 0 to 1; None: not known), `printed`, `nhan`: what it counts,
    in Vietnamese; `thieu`: how many units that count are asked for it and gave none, of a sum of
    what units give themselves."""

    name: str
    value: float | None = None
    printed: str | None = None
    nhan: str = ""
    declared: bool = True
    asked: bool = False
    thieu: int = 0
    subset_of: str | None = None
    printed_in_report: bool = False
    siblings: TemplateFigures | None = field(default=None, repr=False)

    @property
    def known(self) -> bool:
        """Whether there is a number to print."""
        return self.value is not None

    @property
    def khong_dau(self) -> str:
        """The number without its sign, where the sentence says whether it rose or fell."""
        return str(self).removeprefix("-")

    def __bool__(self) -> bool:
        return self.known

    def __getitem__(self, code: str) -> TemplateFigure:
        return (self.siblings or TemplateFigures(()))[f"{self.name}.{code}"]

    def __str__(self) -> str:
        if not self.declared:
            raise FigureNotDeclared(self.name)
        self.printed_in_report = True
        return str(self.printed) if self.known else UNKNOWN


class TemplateFigures:
    """The figures of one warehouse by name; they remember whether the report has printed them."""

    def __init__(self, figures: Iterable[TemplateFigure]) -> None:
        self._figures = {f.name: f for f in figures}
        for figure in self._figures.values():
            figure.siblings = self

    def __getitem__(self, name: str) -> TemplateFigure:
        return self._figures.get(name, TemplateFigure(name, declared=False, siblings=self))

    def __iter__(self) -> Iterator[TemplateFigure]:
        return iter(self._figures.values())

    def cell(self, name: str) -> TemplateFigure | str:
        """The figure for a table's cell: empty where the campaign does not declare it."""
        return self._figures.get(name, "")

    @property
    def con_lai(self) -> list[TemplateFigure]:
        """The figures whose number nothing has printed so far; a plain 0 goes without saying, and so
        does the number of all where that of those with both numbers of a share is printed."""
        in_report = [f for f in self if f.printed_in_report]
        printed = {f.printed for f in in_report} | {NOTHING}
        parts_printed = {f.subset_of for f in in_report}
        return [
            f for f in self if f.known and f.printed not in printed and f.name not in parts_printed
        ]

    @property
    def chua_biet(self) -> list[TemplateFigure]:
        """The sums of what units are asked for that are not known; shares and parts follow from
        them."""
        return [f for f in self if f.asked and not f.known]


def read_figures(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> TemplateFigures:
    """The figures of an open warehouse, in the order of report_figure, with their descriptions in
    Vietnamese."""
    asked = {field.key for _, field in pair_fields(campaign.form)}
    subset_of = {figure.name: figure.subset_of for figure in load_figures(campaign)}
    sources = con.execute(query("figures_that_units_give")).fetchall()
    keys = sorted({key for _, key in sources})
    blanks = con.execute(query("units_without_value", keys=keys)).fetchall() if keys else []
    without = dict(blanks)
    lacking = {figure: without.get(key, 0) for figure, key in sources}
    return TemplateFigures(
        TemplateFigure(
            name,
            value,
            text,
            description,
            asked=name in asked,
            thieu=lacking.get(name, 0),
            subset_of=subset_of.get(name),
        )
        for name, value, text, description in con.execute(query("figures_described")).fetchall()
    )
