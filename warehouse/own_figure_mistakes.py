"""What is wrong with a campaign's own figures.toml beyond the types of its keys: name, what to do."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from sources.campaign_checks import Mistake
from sources.campaigns import Campaign
from sources.figure_declarations import FigureDeclaration
from sources.own_files import FIGURES
from warehouse.figures import Figure, built_in_figures, figures_of, has_needed

NUMBERS = {
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
    "FLOAT",
    "DOUBLE",
}


def own_figure_mistakes(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Iterator[Mistake]:
    """The mistakes of the figures that the campaign adds; `con` has the warehouse's tables, empty."""
    for declaration in campaign.own.figures:
        yield from _mistakes_of_declaration(declaration, campaign)
        try:
            figures = figures_of(declaration, campaign.form)
        except KeyError as error:
            problem = f"each gives no word {error}; write {{{{ code }}}} or {{{{ label }}}}"
            yield Mistake(FIGURES, declaration.name, problem)
            continue
        for figure in figures:
            yield from _mistakes_of_sql(con, figure)


def _mistakes_of_declaration(
    declaration: FigureDeclaration, campaign: Campaign
) -> Iterator[Mistake]:
    name = declaration.name
    if name in {built_in.name for built_in in built_in_figures()}:
        yield Mistake(FIGURES, name, "is a figure of the product; give this one another name")
    for need in declaration.needs:
        if not has_needed(need, campaign.form):
            yield Mistake(
                FIGURES,
                f"{name}.needs",
                f"the form has no {need}, so that the figure would never be; correct or delete it",
            )
    if declaration.each and not figures_of(declaration, campaign.form):
        yield Mistake(
            FIGURES, f"{name}.each", "gives no figure with this form; correct or delete it"
        )


def _mistakes_of_sql(con: duckdb.DuckDBPyConnection, figure: Figure) -> Iterator[Mistake]:
    try:
        columns = con.execute(f"DESCRIBE {figure.query}").fetchall()
    except duckdb.Error as error:
        yield _not_a_query(f"{figure.name}.query", figure.query, error)
    else:
        kinds = [kind for _, kind, *_ in columns]
        if len(kinds) != 1 or not (kinds[0] in NUMBERS or kinds[0].startswith("DECIMAL")):
            problem = f"{figure.query!r} gives {', '.join(kinds)}; select one number"
            yield Mistake(FIGURES, f"{figure.name}.query", problem)
    trace = figure.trace
    rows = f"SELECT {', '.join(trace.fields) or '*'} FROM {trace.table}"
    rows += f" WHERE {trace.condition}" if trace.condition else ""
    try:
        con.execute(f"EXPLAIN {rows}")
    except duckdb.Error as error:
        yield _not_a_query(f"{figure.name}.trace", rows, error)


def _not_a_query(key: str, query: str, error: duckdb.Error) -> Mistake:
    reason = str(error).splitlines()[0]
    problem = f"{query!r} is no query over the warehouse (docs/data-dictionary.md): {reason}"
    return Mistake(FIGURES, key, f"{problem}; correct it")
