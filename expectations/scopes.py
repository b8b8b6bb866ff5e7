"""What a rule is checked over: from an entry of rules.toml and the form, one check per field, row
or table it meant.

A campaign that does not declare a field has no check for it; one that declares another has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TypedDict, Unpack

from expectations.checks import Check, RuleEntry, field_placeholders, in_sentence
from expectations.pivots import typed_types, untyped_column
from sources.campaigns import Campaign
from sources.form import FormField, Section, SectionWindow


def checks_over(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """The checks that the form makes of the entry, in the form's order."""
    return SCOPES[entry.over](entry, campaign)


class CheckDetails(TypedDict, total=False):
    """What only some checks say: those of `Check`'s values that have a default."""

    where: str | None
    by_field: dict[str, dict[str, str]]
    shows: dict[str, str]
    value: str | None
    sheet: str | None
    cell: str | None
    at: str
    place_row: str | None
    of_row: bool


def _check(
    entry: RuleEntry,
    frame: str,
    section: Section | None,
    field: FormField | None,
    *,
    names: Mapping[str, object] | None = None,
    placeholders: Mapping[str, str] | None = None,
    **details: Unpack[CheckDetails],
) -> Check:
    """The entry's check with its options filled in from `names`, and what the field's label
    says."""
    return Check(
        rule=entry.rule,
        frame=frame,
        section=section.key if section else None,
        field=field.key if field else None,
        expectation=entry.expectation,
        options={k: _filled(v, names or {}) for k, v in entry.options.items()},
        message=entry.message,
        placeholders={**(field_placeholders(field) if field else {}), **(placeholders or {})},
        **details,
    )


def _filled(option: object, names: Mapping[str, object]) -> object:
    if isinstance(option, str) and option.startswith("{"):
        return names[option.strip("{}")]
    return option


def _typed(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.sections:
        for kind in (t for t in typed_types(section) if t in entry.types):
            example = (
                _day(min(w.first for w in campaign.windows.values()))
                if campaign.windows
                else "01/01/2000"
            )
            by_field = {
                f.key: {**field_placeholders(f), "example": example}
                for f in section.fields
                if f.type == kind
            }
            yield _check(
                entry,
                section.key,
                section,
                None,
                names={"column": untyped_column(kind)},
                by_field=by_field,
            )


def _required_field(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        for field in section.fields:
            if "all" in field.required:
                yield _check(
                    entry, section.key, section, field, names={"column": field.column_name}
                )


def _held_date(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        if section.window and any(f.shows_held for f in section.fields):
            for key in section.window.fields:
                field = section.by_key[key]
                yield _check(
                    entry,
                    section.key,
                    section,
                    field,
                    names={"column": field.column_name},
                    where="chk_shows_held",
                )


def _window_field(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    year = campaign.campaign.year
    for section, in_window in _with_window(campaign):
        window = campaign.windows[in_window.name]
        for field in (section.by_key[k] for k in in_window.fields):
            names = {
                "column": f"chk_day_{field.column_name}",
                "first": _midnight(window.first),
                "last": _midnight(window.last),
                "year_first": _midnight(dt.date(year, 1, 1)),
                "year_last": _midnight(dt.date(year, 12, 31)),
            }
            yield _check(
                entry,
                section.key,
                section,
                field,
                names=names,
                where="chk_held" if entry.where == "held" and section.held_when else None,
                placeholders={"window": window.label, "year": str(year)},
                shows={"value": field.column_name},
            )


def _window_received(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section, in_window in _with_window(campaign):
        for field in (section.by_key[k] for k in in_window.fields):
            yield _check(
                entry,
                section.key,
                section,
                field,
                names={"column": f"chk_day_{field.column_name}", "received": "chk_received"},
                where="chk_held" if entry.where == "held" and section.held_when else None,
                shows={"value": field.column_name, "received_on": "chk_received"},
            )


def _window_order(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section, in_window in _with_window(campaign):
        if len(in_window.fields) < 2:
            continue
        first, last = (section.by_key[in_window.fields[i]] for i in (0, -1))
        yield _check(
            entry,
            section.key,
            section,
            last,
            names={
                "column": f"chk_day_{last.column_name}",
                "other": f"chk_day_{first.column_name}",
            },
            placeholders={"other_low": in_sentence(first.label)},
            shows={"value": last.column_name, "other": first.column_name},
        )


def _with_window(campaign: Campaign) -> Iterator[tuple[Section, SectionWindow]]:
    """The tables whose dates are compared with a window of the campaign."""
    return ((s, s.window) for s in campaign.form.tables if s.window)


def _signed(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    year = campaign.campaign.year
    for section in (s for s in campaign.form.sections if s.layout == "pairs"):
        for field in (f for f in section.fields if f.type == "date"):
            names = {
                "column": f"chk_day_{field.column_name}",
                "received": "chk_received",
                "year_first": _midnight(dt.date(year, 1, 1)),
                "year_last": _midnight(dt.date(year, 12, 31)),
            }
            yield _check(
                entry,
                section.key,
                section,
                field,
                names=names,
                placeholders={"year": str(year)},
                where=f"chk_in_year_{field.column_name}" if entry.where == "in_year" else None,
                shows={"value": field.column_name, "received_on": "chk_received"},
            )


def _limit(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.sections:
        for field in section.fields:
            if field.limit and field.limit_rule == entry.rule:
                yield _against_other_field(entry, section, field, field.limit)


def _expected_limit(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.sections:
        for field in section.fields:
            if field.expected_limit:
                yield _against_other_field(entry, section, field, field.expected_limit)


def _against_other_field(
    entry: RuleEntry, section: Section, field: FormField, other_key: str
) -> Check:
    """The check of a field against another field of its section."""
    other = section.by_key[other_key]
    return _check(
        entry,
        section.key,
        section,
        field,
        names={"column": field.column_name, "other": other.column_name},
        placeholders={"other_low": in_sentence(other.label)},
        shows={"value": field.column_name, "other": other.column_name},
    )


def _parts(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.sections:
        for whole in section.fields:
            parts = [f for f in section.fields if f.part_of == whole.key]
            if parts:
                total = f"chk_sum_{whole.column_name}"
                labels = " và ".join(f"“{p.label}”" for p in parts)
                yield _check(
                    entry,
                    section.key,
                    section,
                    whole,
                    names={"column": whole.column_name, "other": total},
                    placeholders={"parts": labels},
                    shows={"value": whole.column_name, "other": total},
                )


def _expected(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.sections:
        for field in section.fields:
            if field.expected and field.expected_rule == entry.rule:
                where = "chk_held" if field.expected == "held" else f"chk_is_{field.expected}"
                yield _check(
                    entry,
                    section.key,
                    section,
                    field,
                    names={"column": field.column_name},
                    where=where,
                )


def _expected_once(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        for field in section.fields:
            if field.expected and field.expected_rule == entry.rule:
                once = f"chk_once_{section.key}_{field.key}"
                yield _check(
                    entry,
                    "submission",
                    section,
                    field,
                    names={"column": once},
                    place_row=f"{once}_row",
                    of_row=False,
                )


def _row_key(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        if section.row_key:
            yield _check(
                entry,
                section.key,
                section,
                section.by_key[section.row_key[0]],
                placeholders={"row_word": section.row_word or "nội dung"},
            )


def _own_line(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        for field in (f for f in section.fields if f.type == "commune"):
            yield _check(
                entry,
                section.key,
                section,
                field,
                names={"column": f"chk_own_{field.column_name}"},
                where="chk_is_commune",
            )


def _from_rows(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    return _totals(entry, campaign, "info")


def _from_other_file(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    return _totals(entry, campaign, "files")


def _totals(entry: RuleEntry, campaign: Campaign, frame: str) -> Iterator[Check]:
    for section in campaign.form.sections:
        for field, from_rows in section.fields_from_rows:
            rows = campaign.form.by_key[from_rows.section]
            other = f"chk_rows_{field.column_name}"
            shows = {"value": field.column_name, "other": other}
            if frame == "files":
                shows["file"] = f"chk_file_{rows.key}"
            yield _check(
                entry,
                frame if frame == "files" else section.key,
                section,
                field,
                names={"column": field.column_name, "other": other},
                placeholders={"table": rows.title},
                shows=shows,
                at=f"chk_at_{field.column_name}" if frame == "files" else "position",
            )


def _compared(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        for field in section.fields:
            if field.compared:
                other = f"chk_other_{field.column_name}"
                yield _check(
                    entry,
                    "sources",
                    section,
                    field,
                    names={"column": field.column_name, "other": other},
                    shows={
                        "value": field.column_name,
                        "other": other,
                        "unit": "chk_unit",
                        "file": "chk_file",
                    },
                )


def _required_section(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for need in requirements(campaign):
        field = need[2]
        yield _check(
            entry,
            "submission",
            need[1],
            field,
            names={"column": has_column(need)},
            place_row="no_row",
            where=f"chk_is_{need[0]}",
            placeholders={"what": _requirement_label(need, campaign)},
            of_row=False,
        )


def _submission(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    info, unit = next(
        ((s, f) for s in campaign.form.sections for f in s.fields if f.type == "unit"), (None, None)
    )
    of_unit = entry.place == "unit"
    yield _check(
        entry,
        "submission",
        info if of_unit else None,
        unit if of_unit else None,
        where=entry.where,
        placeholders={
            "topic": campaign.campaign.topic,
            "unit_label": unit.label if unit else "Đơn vị báo cáo",
        },
        shows=dict(entry.shows),
        place_row=None,
        of_row=False,
        value=f"{entry.place}_text" if entry.place else None,
        sheet=f"{entry.place}_sheet" if entry.place else None,
        cell=f"{entry.place}_cell" if entry.place else None,
    )


Requirement = tuple[str, Section, FormField | None]


def requirements(campaign: Campaign) -> list[Requirement]:
    """What a report of each reporter must hold: a table (no field), or a total, in whose place rows
    will do."""
    needs: list[Requirement] = []
    for reporter in ("commune", "district_org"):
        for section in campaign.form.sections:
            if reporter in section.required:
                needs.append((reporter, section, None))
            if section.layout == "pairs":
                needs += [
                    (reporter, section, f)
                    for f in section.fields
                    if f.type != "unit"
                    and {reporter, "all"} & set(f.required)
                    and reporter in f.reporters
                ]
    return needs


def has_column(need: Requirement) -> str:
    """The column of the frame `submission` that says whether the report holds what is required;
    NULL where not."""
    reporter, section, field = need
    return f"chk_has_{reporter}_{section.key}" + (f"_{field.key}" if field else "")


def _requirement_label(need: Requirement, campaign: Campaign) -> str:
    _, section, field = need
    if field is None:
        return f"bảng “{section.title}”"
    if field.from_rows is None:
        return f"“{field.label}”"
    return (
        f"bảng “{campaign.form.by_key[field.from_rows.section].title}” hoặc số liệu “{field.label}”"
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min)


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


SCOPES: dict[str, Callable[[RuleEntry, Campaign], Iterator[Check]]] = {
    "typed": _typed,
    "required_field": _required_field,
    "held_date": _held_date,
    "window_field": _window_field,
    "window_received": _window_received,
    "window_order": _window_order,
    "signed": _signed,
    "limit": _limit,
    "expected_limit": _expected_limit,
    "parts": _parts,
    "expected": _expected,
    "expected_once": _expected_once,
    "row_key": _row_key,
    "own_line": _own_line,
    "from_rows": _from_rows,
    "from_other_file": _from_other_file,
    "compared": _compared,
    "required_section": _required_section,
    "submission": _submission,
}
