"""The numbers of the consolidated report as its template sees them: `so.cells_held` prints as
`report_figure` has it.

`so.units_late.commune` is the figure named units_late.commune. A figure that the campaign does not
declare, or whose value is not known, is false in a condition; printing one that is not declared is
a mistake in the template and stops the report with its name. Figures that no sentence printed are
listed by `so.con_lai` where the campaign brings them: the product's template does not know them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import duckdb

from sources.campaigns import Campaign
from warehouse.figures import built_in_figures
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
    in Vietnamese."""

    name: str
    value: float | None = None
    printed: str | None = None
    nhan: str = ""
    declared: bool = True
    own: bool = False
    asked: bool = False
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
        """The campaign's own figures that nothing has printed so far; a plain 0 goes without
        saying. Of the product's figures the template decides."""
        return [
            f
            for f in self
            if f.own and f.known and not f.printed_in_report and f.printed != NOTHING
        ]

    @property
    def chua_biet(self) -> list[TemplateFigure]:
        """The sums of what units are asked for that are not known; shares and parts follow from
        them."""
        return [f for f in self if f.asked and not f.known]


def read_figures(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> TemplateFigures:
    """The figures of an open warehouse, in the order of report_figure, with their descriptions in
    Vietnamese."""
    built_in = {declaration.name for declaration in built_in_figures()}
    asked = {field.key for _, field in pair_fields(campaign.form)}
    return TemplateFigures(
        TemplateFigure(
            name,
            value,
            text,
            description,
            own=name.partition(".")[0] not in built_in,
            asked=name in asked,
        )
        for name, value, text, description in con.execute(query("figures_described")).fetchall()
    )
