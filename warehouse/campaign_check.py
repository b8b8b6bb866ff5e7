"""Whether a campaign can be used from its first night on: all that a night would find wrong, before
there is one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from expectations.own_rule_mistakes import own_rule_mistakes
from expectations.rules import rule_mistakes
from sources.campaign_checks import Mistake
from sources.campaigns import Campaign, CampaignError, checked_campaign
from sources.extraction.phrases import phrase_problem
from sources.own_files import OwnFiles
from sources.sql_parsing import unrepeatable_parts
from warehouse.build import keys_from_rows, took_place_condition
from warehouse.figures import Figure, built_in_figures, figures_of, load_figures
from warehouse.own_figure_mistakes import own_figure_mistakes
from warehouse.reports.template_check import template_mistakes
from warehouse.reports.template_paragraphs import TEMPLATE
from warehouse.schema import tables
from warehouse.table import ddl

_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL")  # in the names of DuckDB's types of numbers


def campaign_mistakes(folder: Path) -> list[Mistake]:
    """What keeps the campaign of a folder from being used, each with its file and key; empty: it
    can be.

    What `load_campaign` refuses, rules without a severity, the SQL of `from_rows`, `held_when` and
    of the figures, prepared against the warehouse's empty tables, and tags of the Word template.
    """
    campaign, found = checked_campaign(folder)
    return found if campaign is None else [*found, *_mistakes(campaign)]


def refuse_mistakes(campaign: Campaign) -> None:
    """Raises CampaignError with all that is wrong in a loaded campaign; nothing was collected by
    then."""
    if found := _mistakes(campaign):
        raise CampaignError("the campaign cannot be used", *map(str, found))


def _mistakes(campaign: Campaign) -> list[Mistake]:
    figures = [*_built_in(campaign), *_own(campaign)]
    return [
        *rule_mistakes(campaign),
        *own_rule_mistakes(campaign),
        *own_figure_mistakes(campaign),
        *_phrase_mistakes(campaign),
        *_sql_mistakes(campaign, figures),
        *_template_mistakes(campaign, figures),
    ]


def _phrase_mistakes(campaign: Campaign) -> Iterator[Mistake]:
    groups = campaign.form.prose.groups
    for section in campaign.form.sections:
        for field in section.fields:
            for key in ("phrases", "phrases_after", "phrases_all", "phrases_unclear"):
                has_count = field.type == "count" and key in ("phrases", "phrases_after")
                for phrase in getattr(field, key):
                    if problem := phrase_problem(phrase, groups, has_count):
                        yield Mistake(
                            "form.toml",
                            f"{section.key}.{field.key}.{key}",
                            f"{phrase!r} cannot be looked for: {problem}; correct it",
                        )


def _template_mistakes(campaign: Campaign, figures: Iterable[Figure]) -> list[Mistake]:
    printed = {figure.name for figure in figures if figure.in_report}
    declared = {declaration.name for declaration in (*built_in_figures(), *campaign.own.figures)}
    return template_mistakes(campaign.own.template or TEMPLATE, printed, declared)


def _built_in(campaign: Campaign) -> list[Figure]:
    return load_figures(campaign.model_copy(update={"own": OwnFiles()}))


def _own(campaign: Campaign) -> list[Figure]:
    """The campaign's own figures, as far as they can be made: own_figure_mistakes has the
    others."""
    figures: list[Figure] = []
    for declaration in campaign.own.figures:
        with contextlib.suppress(KeyError):
            figures += figures_of(declaration, campaign.form)
    return figures


def _sql_mistakes(campaign: Campaign, figures: Iterable[Figure]) -> Iterator[Mistake]:
    with duckdb.connect(config={"enable_external_access": "false"}) as con:
        for table in tables(campaign.form):
            try:
                for statement in ddl(table):
                    con.execute(statement)
            except duckdb.Error as error:  # of that name there is another one, or a column twice
                reason = str(error).splitlines()[0]
                yield Mistake("form.toml", table.name, f"{reason}; rename the table or its column")
                return
        yield from _form_mistakes(con, campaign)
        for figure in figures:
            yield from _figure_mistakes(con, figure)


def _form_mistakes(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Iterator[Mistake]:
    for section, wins, _ in keys_from_rows(campaign.form):
        for win in wins:
            query = f"SELECT {win.value} FROM {section.table} GROUP BY unit_code"
            yield from _number_mistakes(con, query, "form.toml", f"from_rows of {win.key}")
    for section in campaign.form.tables:
        query = f"SELECT count(*) FROM {section.table} WHERE {took_place_condition(section)}"
        yield from _query_mistakes(con, query, "form.toml", f"held_when of {section.key}")


def _figure_mistakes(con: duckdb.DuckDBPyConnection, figure: Figure) -> Iterator[Mistake]:
    yield from _number_mistakes(con, figure.query, "figures.toml", figure.name)
    trace = figure.trace
    rows = f"SELECT {', '.join(trace.fields) or '*'} FROM {trace.table}"
    if trace.condition:
        rows = f"{rows} WHERE {trace.condition}"
    yield from _query_mistakes(con, rows, "figures.toml", f"{figure.name}.trace")


def _number_mistakes(
    con: duckdb.DuckDBPyConnection, query: str, file: str, key: str
) -> Iterator[Mistake]:
    """The mistake of a query that cannot be prepared, or yields anything but one number a row."""
    if found := list(_query_mistakes(con, query, file, key)):
        yield from found
        return
    types = [str(row[1]) for row in con.execute(f"DESCRIBE {query}").fetchall()]
    if len(types) != 1 or not any(number in types[0] for number in _NUMBERS):
        yield Mistake(file, key, f"{query!r} yields {', '.join(types)}; make it one number")


def _query_mistakes(
    con: duckdb.DuckDBPyConnection, query: str, file: str, key: str
) -> Iterator[Mistake]:
    """The mistake of a query that DuckDB cannot prepare, that is more than one statement, or that
    asks for the time or for chance."""
    try:
        several = len(con.extract_statements(query)) != 1
        if not several:
            con.execute(f"EXPLAIN {query}")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        yield Mistake(file, key, f"{query!r} is no query over this form's tables: {reason}")
        return
    if several:
        yield Mistake(file, key, f"{query!r} is more than one statement; leave one")
    elif parts := unrepeatable_parts(query):
        yield Mistake(
            file,
            key,
            f"{query!r} asks for {', '.join(parts)}, which another run of the same night would "
            "answer otherwise; write the day itself, as in DATE '2022-04-15', or in a figure "
            "(SELECT as_of FROM night)",
        )
