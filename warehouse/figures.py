"""The numbers of the consolidated report: declared in figures.toml, the product's and the
campaign's own, computed from the warehouse's tables, each once.

`load_figures` gives those that the campaign's form provides for; the build writes their values into
`report_figure`, from where `figure_values` reads them for whoever prints them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.figure_declarations import Each, FigureDeclaration, NumberFormat, Trace
from sources.form import Form
from warehouse.fixed_tables import UNIT_ATTENDANCE
from warehouse.numbers_vi import printed
from warehouse.schema import has_attendance, pair_fields

DECLARATIONS = Path(__file__).parent / "figures.toml"


@dataclass(frozen=True)
class Figure:
    """One number of the report.

    name         such as cells_held, or org_branches_held.youth_union where it is one of several
    code, label  of several: which, and its Vietnamese label; else None
    undeclared   a key that this campaign's form sums and that figures.toml does not know
    heading      of its column in the page's table of units, where it has one
    by_unit      SQL for the same number of each commune
    subset_of    the figure of all, of which this counts those that give both numbers of a share
    group        the heading under which lists of figures show it; "" of a campaign's own without one
    """

    name: str
    description: str
    query: str
    format: NumberFormat
    trace: Trace
    in_report: bool = True
    code: str | None = None
    label: str | None = None
    undeclared: bool = False
    heading: str | None = None
    by_unit: str | None = None
    subset_of: str | None = None
    group: str = ""


class FigureValue(NamedTuple):
    """A figure's value (a share is between 0 and 1; None: not known), and how the report prints
    it."""

    value: float | None
    printed: str


def load_figures(campaign: Campaign) -> list[Figure]:
    """The figures that the campaign's form provides for, in the order of figures.toml, the
    campaign's own behind the product's, then sums not named in either.
    """
    form = campaign.form
    declared: list[Figure] = []
    for declarations in (built_in_figures(), campaign.own.figures):
        group = ""
        for declaration in declarations:
            group = declaration.group or group
            if all(has_needed(need, campaign) for need in declaration.needs):
                declared += [replace(f, group=group) for f in figures_of(declaration, form)]
    names = {f.name for f in declared}
    return declared + [
        _sum_of(f.key, f.label) for _, f in pair_fields(form) if f.summed and f.key not in names
    ]


def figure_values(con: duckdb.DuckDBPyConnection) -> dict[str, FigureValue]:
    """The figures of a built warehouse by name: those of the report as it prints them, and counts
    that it does not print."""
    values = {
        name: FigureValue(value, text)
        for name, value, text in con.execute(
            "SELECT figure, value, printed FROM report_figure"
        ).fetchall()
    }
    others = con.execute("SELECT figure, query FROM figure_source WHERE kind = 'figure'").fetchall()
    for name, query in others:
        if name not in values:
            ((value,),) = con.execute(query).fetchall()
            values[name] = FigureValue(value, printed(value, "count"))
    return values


def figure_rows(
    con: duckdb.DuckDBPyConnection, campaign: Campaign
) -> list[tuple[str, float | None, str]]:
    """The rows of `report_figure`, computed from the tables that `con` already has.

    Raises duckdb.Error with the figure's name where its query fails.
    """
    return [
        (f.name, value, printed(value, f.format))
        for f in load_figures(campaign)
        if f.in_report
        for value in (_computed(con, f),)
    ]


def unit_figure_rows(
    con: duckdb.DuckDBPyConnection, campaign: Campaign
) -> list[tuple[str, str, float, str]]:
    """The rows of `unit_figure`: of each figure that compares communes, every commune's own number,
    where it is known. Raises duckdb.Error with the figure's name where its query fails."""
    communes = {
        code
        for (code,) in con.execute(
            "SELECT unit_code FROM unit_status WHERE unit_type <> 'district_org'"
        ).fetchall()
    }
    return [
        (unit_code, f.name, float(value), printed(value, f.format))
        for f in load_figures(campaign)
        if f.by_unit
        for unit_code, value in _fetched(con, f, f.by_unit)
        if unit_code in communes and value is not None
    ]


@cache
def built_in_figures() -> tuple[FigureDeclaration, ...]:
    """The figures that the product's figures.toml declares."""
    raw = tomllib.loads(DECLARATIONS.read_text(encoding="utf-8"))
    return tuple(FigureDeclaration.model_validate(d) for d in raw["figure"])


def has_needed(need: str, campaign: Campaign) -> bool:
    """Whether the campaign has what a figure needs: a section of the form, a field of one, a number
    of the register, such as register.cells, or the table unit_attendance."""
    if need == UNIT_ATTENDANCE.name:
        return has_attendance(campaign.form)
    section, _, field = need.partition(".")
    if section == "register":
        return f"register_{field}" in campaign.registry.registered
    form = campaign.form
    return form.has(section, field) if field else section in form.by_key


def figures_of(declaration: FigureDeclaration, form: Form) -> list[Figure]:
    """The figures of one declaration: one, or one per value of what it is repeated over.

    Raises KeyError with a word in {{ }} that is not given.
    """
    if declaration.each is None:
        return [_figure(declaration, None, {})]
    return [
        _figure(declaration, placeholders["code"], placeholders)
        for placeholders in _values_of(declaration.each, form)
    ]


def _values_of(each: Each, form: Form) -> list[dict[str, str]]:
    """What each repetition is called, and the words that its texts may use."""
    if each.over == "reporter":
        return [
            {
                "code": "commune",
                "label": "xã, thị trấn",
                "condition": "unit_type <> 'district_org'",
            },
            {
                "code": "district_org",
                "label": "MTTQ, tổ chức chính trị - xã hội cấp huyện",
                "condition": "unit_type = 'district_org'",
            },
        ]
    if each.over == "choice":
        known = each.section in form.by_key and each.field in form.by_key[each.section].by_key
        choices = form.field(each.section or "", each.field or "").choice if known else ()
        return [{"code": c.code, "label": c.label} for c in choices]
    if each.over == "organisation":
        fields = form.by_key["orgs"].fields if "orgs" in form.by_key else ()
        return [
            {"code": c.code, "label": c.label}
            for f in fields
            if f.type == "organisation"
            for c in f.choice
        ]
    fields = form.by_key[each.section].fields if each.section in form.by_key else ()
    return [
        {"code": f.column_name, "label": f.label} for f in fields if f.expected_rule == each.rule
    ]


def _figure(
    declaration: FigureDeclaration, code: str | None, placeholders: dict[str, str]
) -> Figure:
    label = placeholders.get("label", "")
    placeholders = {**placeholders, "label_lower": label[:1].lower() + label[1:]}
    trace = declaration.trace
    return Figure(
        name=declaration.name if code is None else f"{declaration.name}.{code}",
        description=_fill_in(declaration.description, placeholders),
        query=_fill_in(declaration.query, placeholders),
        format=declaration.format,
        trace=Trace(
            table=trace.table,
            fields=tuple(_fill_in(f, placeholders) for f in trace.fields),
            condition=_fill_in(trace.condition, placeholders) if trace.condition else None,
        ),
        in_report=declaration.in_report,
        code=code,
        label=label or None,
        heading=declaration.heading,
        by_unit=declaration.by_unit,
        subset_of=_fill_in(declaration.subset_of, placeholders) if declaration.subset_of else None,
    )


def _fill_in(text: str, placeholders: dict[str, str]) -> str:
    """The text with each `{{ word }}` filled in; KeyError for a word that `each` does not give."""
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: placeholders[found[1]], text)


def _sum_of(key: str, label: str) -> Figure:
    return Figure(
        key,
        label,
        f"SELECT {key} FROM campaign_summary",
        "count",
        Trace(table="unit_summary", fields=(key,)),
        label=label,
        undeclared=True,
    )


def _computed(con: duckdb.DuckDBPyConnection, figure: Figure) -> float | None:
    rows = _fetched(con, figure, figure.query)
    return float(rows[0][0]) if rows and rows[0][0] is not None else None


def _fetched(con: duckdb.DuckDBPyConnection, figure: Figure, query: str) -> list[tuple[Any, ...]]:
    try:
        return con.execute(query).fetchall()
    except duckdb.Error as error:
        raise type(error)(f"figures.toml: the query of {figure.name} fails: {error}") from error
