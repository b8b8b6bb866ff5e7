"""What is wrong with a campaign's own rules.toml beyond the types of its keys: key and what to
do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from string import Formatter

import duckdb

from expectations.batches import load_inputs, prepare_batches
from expectations.checks import Check, field_placeholders
from expectations.conditions import condition_check, row_placeholders
from expectations.frames import conditions_sql
from expectations.rules import built_in_checks, built_in_rules, load_rules
from sources.campaign_checks import Mistake
from sources.campaigns import Campaign
from sources.form import Section
from sources.own_files import RULES, OwnRule, RuleChange
from sources.registry import Registry
from sources.sql_parsing import unrepeatable_parts


def own_rule_mistakes(campaign: Campaign) -> Iterator[Mistake]:
    """The mistakes of the rules that the campaign adds or changes.

    The conditions are prepared against the empty batches of their sections.
    """
    for change in campaign.own.changes:
        yield from _mistakes_of_change(change, campaign)
    for rule in campaign.own.rules:
        yield from _mistakes_of_rule(rule, campaign)
    yield from _mistakes_of_conditions(campaign)


def _mistakes_of_change(change: RuleChange, campaign: Campaign) -> Iterator[Mistake]:
    if change.key not in built_in_rules():
        yield Mistake(RULES, change.key, "names no built-in rule; correct the key")
        return
    if change.severity is None and change.message is None:
        yield Mistake(RULES, change.key, "changes nothing; add severity or message, or delete it")
    if change.message is None:
        return
    if not any(entry.rule == change.key for entry in load_rules().check):
        yield Mistake(
            RULES,
            f"{change.key}.message",
            "is made where files are read or compared; only its severity can be changed",
        )
        return
    made = [_placeholders(c) for c in built_in_checks(campaign) if c.rule == change.key]
    if made:
        yield from _mistakes_of_message(change.key, change.message, set.intersection(*made))


def _placeholders(check: Check) -> set[str]:
    """What the check's message may show."""
    of_fields = [set(placeholders) for placeholders in check.by_field.values()]
    common = set.intersection(*of_fields) if of_fields else set()
    return {"raw", *check.placeholders, *check.shows, *common}


def _mistakes_of_rule(rule: OwnRule, campaign: Campaign) -> Iterator[Mistake]:
    if rule.key in built_in_rules():
        yield Mistake(
            RULES,
            rule.key,
            "is a built-in rule; give this one another key, or write [[change]] to change the "
            "severity or the message of that one",
        )
    section = campaign.form.by_key.get(rule.section)
    if section is None:
        yield Mistake(
            RULES,
            f"{rule.key}.section",
            f"the form has no section {rule.section!r}; it has {', '.join(campaign.form.by_key)}",
        )
    elif rule.field not in section.by_key:
        yield Mistake(
            RULES,
            f"{rule.key}.field",
            f"section {section.key} has no field {rule.field!r}; it has {', '.join(section.by_key)}",
        )
    else:
        field = section.by_key[rule.field]
        known = {"raw", *field_placeholders(field), *row_placeholders(section, field)}
        yield from _mistakes_of_message(rule.key, rule.message, known)


def _mistakes_of_message(key: str, message: str, known: Collection[str]) -> Iterator[Mistake]:
    try:
        parts = list(Formatter().parse(message))
    except ValueError as error:
        problem = f"{error}; write {{name}} for a value, {{{{ and }}}} for a brace itself"
        yield Mistake(RULES, f"{key}.message", problem)
        return
    for _, name, layout, conversion in parts:
        if name is not None and (name not in known or layout or conversion):
            more = (f"!{conversion}" if conversion else "") + (f":{layout}" if layout else "")
            written = f"{{{name}{more}}}"
            yield Mistake(
                RULES,
                f"{key}.message",
                f"{written} cannot be filled in; write one of "
                + ", ".join(f"{{{one}}}" for one in sorted(known)),
            )


def _mistakes_of_conditions(campaign: Campaign) -> Iterator[Mistake]:
    rules = [rule for rule in campaign.own.rules if rule.section in campaign.form.by_key]
    if not rules:
        return
    # Names of units are looked up in seconds where there are ten thousand, and no file is there.
    one_unit = Registry(units=campaign.registry.units[:1])
    with_one_unit = campaign.model_copy(update={"registry": one_unit})
    with duckdb.connect(config={"enable_external_access": "false"}) as con:
        load_inputs(con, (), {})
        prepare_batches(con, with_one_unit, campaign.campaign.deadline)
        for rule in rules:
            if problem := _unprepared(con, rule, campaign):
                yield Mistake(RULES, f"{rule.key}.condition", problem)


def _unprepared(con: duckdb.DuckDBPyConnection, rule: OwnRule, campaign: Campaign) -> str | None:
    """Why the condition cannot be computed over its section, and what to do; None where it can."""
    if parts := unrepeatable_parts(f"SELECT {rule.condition}"):
        return (
            f"{rule.condition!r} asks for {', '.join(parts)}, which another run of the same night "
            "would answer otherwise; write the day itself, as in DATE '2022-04-15', or compare "
            "with received_at"
        )
    section = campaign.form.by_key[rule.section]
    field = rule.field if rule.field in section.by_key else section.fields[0].key
    check = condition_check(rule.model_copy(update={"field": field, "message": ""}), campaign)
    try:
        # brackets that the query's would match
        con.extract_statements(f"SELECT {rule.condition}\n")
        columns = con.execute(f"DESCRIBE {conditions_sql(section, [check], campaign)}").fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        return f"{rule.condition!r} cannot be computed: {reason}; {_what_there_is(section)}"
    kind = next(kind for column, kind, *_ in columns if column == check.options["column"])
    if kind != "BOOLEAN":
        return f"{rule.condition!r} is a {kind}, neither true nor false; write a comparison"
    return None


def _what_there_is(section: Section) -> str:
    columns = ", ".join(field.column_name for field in section.fields)
    return f"write an expression over one row of {section.key}: {columns}"
