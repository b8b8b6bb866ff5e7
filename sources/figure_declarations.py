"""What a figure of the consolidated report is, as figures.toml of the product or of a campaign
declares it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sources.declared_model import Declared

NumberFormat = Literal["count", "percent", "decimal"]


class Trace(Declared):
    """The rows behind a figure: the table, the columns that it is made from, the SQL condition on
    the rows."""

    table: str
    fields: tuple[str, ...] = ()
    condition: str | None = None


class Each(Declared):
    """Over what a declaration is repeated: one figure per reporter, per organisation, per field of
    a section that is marked as `rule` asks, or per choice of a section's `field`."""

    over: Literal["reporter", "organisation", "field", "choice"]
    section: str | None = None
    rule: str | None = None
    field: str | None = None


class FigureDeclaration(Declared):
    """An entry of figures.toml, before it is repeated over `each`.

    group     the heading under which lists of figures show it and those behind it, up to the next
    by_unit   SQL for the same number of each commune: unit_code, value; NULL values are left out
    subset_of the figure of all, of which this counts those that give both numbers of a share: an
              addendum leaves this out where both changed alike
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str
    query: str
    format: NumberFormat
    needs: tuple[str, ...] = ()
    each: Each | None = None
    trace: Trace
    in_report: bool = True
    heading: str | None = None
    group: str | None = None
    by_unit: str | None = None
    subset_of: str | None = None
