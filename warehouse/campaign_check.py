"""Whether a campaign can be used from its first night on: all that a night would find wrong, before there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from expectations.own_rule_mistakes import own_rule_mistakes
from expectations.rules import refuse_undeclared
from sources.campaign_checks import Mistake
from sources.campaigns import Campaign, CampaignError, checked_campaign
from sources.own_files import OwnFiles
from warehouse.build import held_condition, rows_win
from warehouse.figures import load_figures
from warehouse.own_figure_mistakes import own_figure_mistakes
from warehouse.schema import tables
from warehouse.table import ddl


def campaign_mistakes(folder: Path) -> list[Mistake]:
    """What keeps the campaign of a folder from being used, each with its file and key; empty: it can be.

    Labels, choices, days and limits as `load_campaign` refuses them, rules without a severity, and the SQL of
    `from_rows`, `held_when` and of the figures, prepared against the warehouse's empty tables.
    """
    campaign, found = checked_campaign(folder)
    return found if campaign is None else [*found, *_mistakes(campaign)]


def refuse_mistakes(campaign: Campaign) -> None:
    """Raises CampaignError with all that a loaded campaign's rules and SQL lack; nothing was collected by then."""
    if found := _mistakes(campaign):
        raise CampaignError("the campaign cannot be used", *map(str, found))


def _mistakes(campaign: Campaign) -> list[Mistake]:
    try:
        refuse_undeclared(campaign)
        undeclared = []
    except CampaignError as error:
        undeclared = [Mistake(error.file, None, error.problem)]
    return [
        *undeclared,
        *own_rule_mistakes(campaign),
        *_sql_mistakes(campaign),
        *_template_mistakes(campaign),
    ]


def _template_mistakes(campaign: Campaign) -> Iterator[Mistake]:
    if campaign.own.template is None:
        return
    from warehouse.reports.template_mistakes import template_mistakes  # Word's libraries

    yield from template_mistakes(campaign.own.template, campaign)


def _sql_mistakes(campaign: Campaign) -> Iterator[Mistake]:
    with duckdb.connect(config={"enable_external_access": "false"}) as con:
        for table in tables(campaign.form):
            for statement in ddl(table):
                con.execute(statement)
        for section, wins, _ in rows_win(campaign.form):
            for win in wins:
                yield from _prepared(
                    con,
                    f"SELECT {win.value} FROM {section.table}",
                    "form.toml",
                    f"from_rows of {win.key}",
                )
        for section in campaign.form.tables:
            yield from _prepared(
                con,
                f"SELECT count(*) FROM {section.table} WHERE {held_condition(section)}",
                "form.toml",
                f"held_when of {section.key}",
            )
        for figure in load_figures(campaign.model_copy(update={"own": OwnFiles()})):
            yield from _prepared(con, figure.query, "figures.toml", figure.name)
        yield from own_figure_mistakes(con, campaign)


def _prepared(con: duckdb.DuckDBPyConnection, query: str, file: str, key: str) -> Iterator[Mistake]:
    """The mistake of a query that DuckDB cannot prepare."""
    try:
        con.execute(f"EXPLAIN {query}")
    except duckdb.Error as error:
        yield Mistake(
            file,
            key,
            f"{query!r} is no query over this form's tables: {str(error).splitlines()[0]}",
        )
