"""The rules that a campaign adds in its rules.toml: a condition in SQL over each row of a section.

DuckDB computes whether a row meets it, as a column of the section's frame; Great Expectations
checks that column, an expectation for each rule. A row of which the condition is not known (NULL,
SQL that fails on its values) is no breach: what is missing or cannot be read has rules of its own.
"""

from __future__ import annotations

from string import Formatter

from expectations.checks import Check, field_placeholders
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.own_files import OwnRule
from sources.sql_files import identifier, literal

TEXT_LETTERS = 80  # of a text that a message quotes


def condition_check(rule: OwnRule, campaign: Campaign) -> Check:
    """The check of a campaign's own rule.

    Raises KeyError where the form has no such section or field, ValueError where the message's
    braces do not match.
    """
    section = campaign.form.by_key[rule.section]
    field = section.by_key[rule.field]
    shown = row_placeholders(section, field)
    named = {name for _, name, _, _ in Formatter().parse(rule.message)}
    return Check(
        rule=rule.key,
        frame=section.key,
        section=section.key,
        field=field.key,
        expectation="ExpectColumnValuesToBeInSet",
        options={"column": f"chk_rule_{rule.key}", "value_set": [True]},
        message=rule.message,
        placeholders=field_placeholders(field),
        shows={name: column for name, column in shown.items() if name in named},
        name=rule.name,
        condition=rule.condition,
    )


def row_placeholders(section: Section, field: FormField) -> dict[str, str]:
    """What a message may show of a row, with the frame's column: its fields by key and by column,
    and `value`, that of `field`.
    """
    named = {name: shown_column(f) for f in section.fields for name in (f.key, f.column_name)}
    return {**named, "value": shown_column(field)}


def shown_column(field: FormField) -> str:
    """The frame's column that shows the field's value in messages."""
    return f"chk_shown_{field.column_name}"


def readable_sql(field: FormField) -> str:
    """SQL for the value as people write it: marks and choices in words, communes by name."""
    column = identifier(field.column_name)
    if field.type == "mark":
        return f"CASE {column} WHEN true THEN 'có' WHEN false THEN 'không' END"
    if field.type in ("choice", "organisation") and field.choice:
        labels = " ".join(f"WHEN {literal(c.code)} THEN {literal(c.label)}" for c in field.choice)
        return f"CASE {column} {labels} ELSE {column} END"
    if field.type == "commune":
        return f"(SELECT unit_name FROM unit WHERE unit.unit_code = {column})"
    return f"left({column}, {TEXT_LETTERS})" if field.sql_type == "VARCHAR" else column
