"""The table `figure_source`: from which rows and columns each number of the report is made."""

from __future__ import annotations

from collections.abc import Sequence

from sources.campaigns import Campaign
from sources.form import Form
from warehouse.figures import Figure, load_figures
from warehouse.schema import columns_read, pair_fields, row_name


def source_rows(campaign: Campaign) -> list[tuple[object, ...]]:
    """The rows of `figure_source`: for each figure its query and trace, for each key of unit_summary
    what gives it, for each table the SQL of a row's name and the labels of its columns.
    """
    figures = [
        (
            f.name,
            "figure",
            f.description,
            f.query,
            f.trace.table,
            list(f.trace.fields),
            f.trace.condition,
            _asked_of(f, campaign),
        )
        for f in load_figures(campaign)
    ]
    return [*figures, *_key_rows(campaign.form), *_table_rows(campaign.form)]


def _key_rows(form: Form) -> list[tuple[object, ...]]:
    keys: list[tuple[object, ...]] = []
    for _, field in pair_fields(form):
        rows = form.by_key[field.from_rows.section] if field.from_rows else None
        table = rows.table if rows else "unit_summary"
        columns = (
            (columns_read(field, rows) or (rows.fields[0].column_name,)) if rows else (field.key,)
        )
        keys.append(
            (
                field.key,
                "key",
                field.label,
                field.from_rows.value if field.from_rows else None,
                table,
                list(columns),
                None,
                list(field.reporters),
            )
        )
    return keys


def _table_rows(form: Form) -> list[tuple[object, ...]]:
    """The rows for tables and their columns. `orgs` has two tables: as reported, and after the choice
    between two sources."""
    rows: list[tuple[object, ...]] = []
    for section in form.tables:
        keys = [section.by_key[key].column_name for key in section.row_key]
        for table in (section.table, *(("org_meeting",) if section.key == "orgs" else ())):
            rows.append(
                (
                    table,
                    "row",
                    section.title,
                    row_name(section, table),
                    table,
                    keys,
                    None,
                    list(section.required or section.reporters),
                )
            )
            rows += [
                (
                    f.column_name,
                    "column",
                    f.label,
                    None,
                    table,
                    [f.column_name],
                    None,
                    list(f.reporters),
                )
                for f in section.fields
            ]
    return rows


def _asked_of(figure: Figure, campaign: Campaign) -> Sequence[str] | None:
    """Who has to report what a figure is made from; for one organisation's figure, only that
    organisation."""
    form, trace = campaign.form, figure.trace
    if (
        figure.code
        and figure.trace.table == "org_meeting"
        and figure.code not in form.by_key["orgs"].by_key
    ):
        return [u.code for u in campaign.registry.organisations if u.kind == figure.code]
    fields = [
        f for _, f in pair_fields(form) if trace.table == "unit_summary" and f.key in trace.fields
    ]
    if any(f.expected == "commune" for f in fields):
        return ["commune"]
    if fields:
        return [r for r in fields[0].reporters if all(r in f.reporters for f in fields)]
    return next(
        (
            list(s.required or s.reporters)
            for s in form.tables
            if trace.table in (s.table, "org_meeting" if s.key == "orgs" else s.table)
        ),
        None,
    )
