"""The frames that the expectations are run on: a query for each, with the columns that its checks
need and no more.

A frame of a section has one row per row of its batch; `submission` one per arrival that is no
duplicate. Columns that are not the form's begin with `chk_`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from expectations.checks import Check
from expectations.conditions import readable_sql, shown_column
from expectations.count_scopes import attended_column
from expectations.pivots import batch_table, columns, typed_types, untyped_column
from expectations.queries import query
from expectations.requirements import has_column, requirements
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.moments import MOMENT_FORMAT
from sources.sql_files import literal
from sources.sql_parsing import columns_named, field_when_held

REPORTERS = ("commune", "district_org")
HELD_RULE = "held_exceeds_total"  # the limit_rule of a count of meetings that were held

# Between these, days are compared as nanoseconds, which Great Expectations does at once and not
# value by value; a day beyond them is outside any campaign as well.
FIRST_DAY, LAST_DAY = "DATE '1700-01-01'", "DATE '2200-01-01'"


def section_frame_sql(section: Section, checks: Iterable[Check], campaign: Campaign) -> str:
    """The section's rows in the order of receipt: `position`, `row`, and the columns that the
    checks name."""
    checks = tuple(checks)
    needed = {c for check in checks for c in check.columns}
    conditions = [check for check in checks if check.condition]
    known = {
        **{
            c: f"b.{c}"
            for c in (*columns(section), *map(untyped_column, typed_types(section)), "chk_row_key")
        },
        **_derived(section, campaign.campaign.year),
        **{f"chk_is_{r}": f"coalesce(b.reporter = '{r}', false)" for r in REPORTERS},
        **{
            f"chk_rows_{f.column_name}": f"chk_rows_{f.column_name}"
            for f in section.fields
            if f.from_rows
        },
        **{c: f"met.{c}" for check in conditions for c in check.columns if c.startswith("chk_")},
    }
    return query(
        "section_frame",
        columns=[(name, sql) for name, sql in known.items() if name in needed],
        table=batch_table(section),
        joined=_totals_from_rows(section, campaign),
        conditions=conditions_sql(section, conditions, campaign) if conditions else None,
    )


def conditions_sql(section: Section, checks: Iterable[Check], campaign: Campaign) -> str:
    """Per submission and row of the section: whether the row meets the condition of each check, and
    what messages show of it.
    """
    return query(
        "conditions",
        conditions=[(check.options["column"], check.condition) for check in checks],
        shown=[(shown_column(field), readable_sql(field)) for field in section.fields],
        totals=[field.column_name for field in section.fields if field.from_rows],
        table=batch_table(section),
        joined=_totals_from_rows(section, campaign),
    )


def submission_frame_sql(checks: Iterable[Check], campaign: Campaign) -> str:
    """One row per arrival that is no duplicate: what it is, and whether it holds what is required
    (see the .sql)."""
    needs = requirements(campaign)
    has = {need: _has_sql(need[1], need[2]) for need in needs}
    return query(
        "submission_frame",
        sections=campaign.form.sections,
        has={has_column(need): sql for need, sql in has.items()},
        complete={r: [has[n] for n in needs if n[0] == r] for r in REPORTERS},
        received_unlikely=_received_unlikely(campaign),
        signed=_signed(campaign),
        asked_once=list(_asked_once(checks, campaign)),
    )


def row_name_sql(section: Section) -> str:
    """Submission, section, row and the row's name as findings give it: the cell's or village's
    name; of an organisation's own line the commune's name, of a commune's the organisation's code.
    """
    commune = next((f.column_name for f in section.fields if f.type == "commune"), None)
    return query(
        "row_name",
        section=section.key,
        table=batch_table(section),
        commune=commune,
        name=_row_name(section),
    )


def took_place_sql(section: Section, alias: str = "") -> str:
    """SQL that is true of a row whose meeting took place, false otherwise."""
    if section.held_when is None:
        return "true"
    if field := field_when_held(section):
        return f"{alias}{field.column_name} IS NOT NULL"
    return f"coalesce({section.held_when}, false)"


def meetings_held_sql(section: Section, count: FormField, alias: str = "") -> str:
    """SQL that is true where a meeting took place of which the count says who attended: of a row
    that meeting, of a unit's own total any."""
    if section.layout == "table":
        return took_place_sql(section, alias)
    held = held_count(section, count)
    return f"coalesce({alias}{held.column_name} > 0, false)" if held else "false"


def held_count(section: Section, count: FormField) -> FormField | None:
    """The unit's total of meetings held, among its totals from the same rows as `count`."""
    rows = count.from_rows.section if count.from_rows else None
    return next(
        (
            f
            for f in section.fields
            if f.limit_rule == HELD_RULE and f.from_rows and f.from_rows.section == rows
        ),
        None,
    )


def has_content_sql(field: FormField, alias: str) -> str:
    """SQL that is true where the field has content: a mark that is set, a count above zero, any other
    value."""
    column = f"{alias}.{field.column_name}"
    if field.type == "mark":
        return f"coalesce({column}, false)"
    return f"coalesce({column} > 0, false)" if field.type == "count" else f"{column} IS NOT NULL"


def totals_from_rows_sql(
    section: Section,
    fields: Iterable[FormField],
    table: str | None = None,
    of: str = "submission_id",
) -> str:
    """SQL for the totals that the section's rows give, per submission: `chk_rows_<column>`; NULL where
    the report lacks a column that the total is read from.

    `table` is another table of such rows, `of` its column to group by.
    """
    totals = [(f, keys_read(f.from_rows.value, section)) for f in fields if f.from_rows]
    return query(
        "totals_from_rows",
        section=section.key,
        totals=totals,
        keys=sorted({key for _, keys in totals for key in keys}),
        table=table or batch_table(section),
        of=of,
    )


def keys_read(expression: str, section: Section) -> list[str]:
    """The keys of the section's fields whose columns the SQL expression reads."""
    named = columns_named(expression)
    return [f.key for f in section.fields if f.column_name in named]


def _derived(section: Section, year: int) -> dict[str, str]:
    """The section's derived columns, each as SQL over its batch `b`."""
    derived = {"chk_held": took_place_sql(section, "b.")}
    shown = [has_content_sql(f, "b") for f in section.fields if f.shows_held]
    if shown:
        derived["chk_shows_held"] = " OR ".join(shown)
    derived["chk_received"] = "b.received_at::DATE::TIMESTAMP_NS"
    for day in (f.column_name for f in section.fields if f.type == "date"):
        derived[f"chk_in_year_{day}"] = f"coalesce(year(b.{day}) = {year}, false)"
        derived[f"chk_day_{day}"] = (
            f"CASE WHEN b.{day} IS NOT NULL THEN "
            f"greatest(least(b.{day}, {LAST_DAY}), {FIRST_DAY})::TIMESTAMP_NS END"
        )
    for commune in (f.column_name for f in section.fields if f.type == "commune"):
        derived[f"chk_own_{commune}"] = f"b.{commune} = b.unit_code"
    for field in section.fields:
        if field.share_compared and field.limit:
            whole = section.by_key[field.limit]
            derived[attended_column(field)] = (
                f"NOT ({meetings_held_sql(section, field, 'b.')} AND "
                f"coalesce(b.{whole.column_name} > 0 AND b.{field.column_name} = 0, false))"
            )
    for whole in section.fields:
        parts = [f"b.{f.column_name}::BIGINT" for f in section.fields if f.part_of == whole.key]
        if parts:
            derived[f"chk_sum_{whole.column_name}"] = " + ".join(parts)
    return derived


def _totals_from_rows(section: Section, campaign: Campaign) -> list[str]:
    by_section: dict[str, list[FormField]] = {}
    for field in section.fields:
        if field.from_rows:
            by_section.setdefault(field.from_rows.section, []).append(field)
    return [
        totals_from_rows_sql(campaign.form.by_key[key], fields)
        for key, fields in by_section.items()
    ]


def _has_sql(section: Section, field: FormField | None) -> str:
    """SQL over the joins of the frame `submission`: the table has rows, or the total is filled in or
    follows from rows."""
    if field is None:
        return f"rows_{section.key}.submission_id IS NOT NULL"
    filled_in = (
        f"(b_{section.key}.{field.column_name} IS NOT NULL OR coalesce(list_contains(string_split("
        f"b_{section.key}.{untyped_column(field.type)}, ','), '{field.key}'), false)"
    )
    return filled_in + (
        f" OR rows_{field.from_rows.section}.submission_id IS NOT NULL)" if field.from_rows else ")"
    )


def _received_unlikely(campaign: Campaign) -> str:
    """SQL for the reason, in the message's words, why a time of receipt is implausible; else NULL.

    A date of signing in another year is ignored here: another rule reports it.
    """
    first = min((window.first for window in campaign.windows.values()), default=None)
    cases = [
        "WHEN d.own_time IS NOT NULL THEN 'là lúc thấy tệp lần đầu, vì tệp ghi thời điểm chưa tới (' "
        f"|| strftime(d.own_time, {literal(MOMENT_FORMAT)}) || ')'"
    ]
    cases += (
        [
            f"WHEN d.received_at::DATE < DATE '{first}' THEN 'trước khi đợt sinh hoạt bắt đầu ({first:%d/%m/%Y})'"
        ]
        if first
        else []
    )
    for section in (s for s in campaign.form.sections if s.layout == "pairs"):
        days = [f"signed_{section.key}.{f.column_name}" for f in section.fields if f.type == "date"]
        cases += [
            f"WHEN year({day}) = {campaign.campaign.year} AND d.received_at::DATE < {day} "
            f"THEN 'trước ngày ký báo cáo (' || strftime({day}, '%d/%m/%Y') || ')'"
            for day in days
        ]
    return f"CASE {' '.join(cases)} END"


def _signed(campaign: Campaign) -> list[str]:
    """The sections of pairs with a day, such as that of signing."""
    return [
        s.key
        for s in campaign.form.sections
        if s.layout == "pairs" and any(f.type == "date" for f in s.fields)
    ]


def _asked_once(checks: Iterable[Check], campaign: Campaign) -> Iterator[dict[str, object]]:
    """By section: the marks that at least one meeting must have, each with its column, and their
    query."""
    needed = {c for check in checks for c in check.columns}
    for section in campaign.form.tables:
        own = [(f.column_name, f"chk_once_{section.key}_{f.key}") for f in section.fields]
        marks = [(mark, column) for mark, column in own if column in needed]
        if marks:
            sql = query(
                "asked_once",
                marks=marks,
                table=batch_table(section),
                took_place=took_place_sql(section),
            )
            yield {"marks": marks, "query": sql}


def _row_name(section: Section) -> str:
    keys = [section.by_key[k] for k in section.row_key]
    commune = next((f for f in keys if f.type == "commune"), None)
    other = " || ' – ' || ".join(f"b.{f.column_name}" for f in keys if f is not commune) or "NULL"
    return (
        other
        if commune is None
        else f"CASE b.reporter WHEN 'district_org' THEN u.unit_name ELSE {other} END"
    )
