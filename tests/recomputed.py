"""Every figure of the report, computed again from the raw texts of files alone.

No code of the product is used: a few lines here decide what is a count, a date or a mark, and each
kind of figure is a line of FIGURES. Raw texts are given by table, unit, row and field, as `lineage`
or `tonghop why` has them.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

DEADLINE = dt.datetime.fromisoformat("2022-04-18T00:00:00+07:00")
CELL_DAYS = dt.date(2022, 4, 3), dt.date(2022, 4, 15)
ORG_DAYS = dt.date(2022, 4, 5), dt.date(2022, 4, 15)
MATERIALS = ("material_14_ct_tu", "material_64_kh_hu", "material_40_kh_ubnd", "material_resolution")
CONTENTS = ("content_1", "content_2", "content_3")
DATES = {"held_on", "first_on", "last_on", "document_date"}
MARKS = {
    *MATERIALS,
    *CONTENTS,
    "committee_attended",
    "covid_safe",
    "head_is_party",
    "deputy_is_party",
    "candidate_is_party",
}
KINDS = {  # of a party cell, by a word of it
    r"trường|giáo dục": "school",
    r"y tế|\byt\b": "health",
    r"quân sự|chqs|\bqs\b": "military",
    r"công an|\bca\b": "police",
    r"cơ quan|\bcq\b|hành chính": "office",
    r"doanh nghiệp|hợp tác xã|htx|\bdn\b|công ty|quỹ": "business",
    r"thôn|tổ dân phố|tdp|khu|\btổ\b": "village",
}
TEXTS = {
    "name",
    "organisation",
    "commune_code",
    "document_number",
    "advantages",
    "difficulties",
    "proposals",
}
OF_ROWS = {  # keys of info that rows give: in which table, from which of their columns, and how
    "cells_total": ("cell_meeting", (), len),
    "cells_held": ("cell_meeting", ("held_on",), lambda rows: len(took_place(rows))),
    "cells_held_separately": (
        "cell_meeting",
        ("held_on", "mode"),
        lambda rows: sum(r["mode"] == "separate" for r in took_place(rows)),
    ),
    "cells_held_combined": (
        "cell_meeting",
        ("held_on", "mode"),
        lambda rows: sum(r["mode"] == "combined" for r in took_place(rows)),
    ),
    **{
        key: ("cell_meeting", (key,), lambda rows, key=key: total(r[key] for r in rows))
        for key in ("members_total", "members_attended", "members_assigned")
    },
    "villages_total": ("village", (), len),
    "village_heads_party": (
        "village",
        ("head_is_party",),
        lambda rows: sum(bool(r["head_is_party"]) for r in rows),
    ),
}


class Raw(NamedTuple):
    """One raw text of a file; `heading`: what its column is called there, for a mark that stands
    for a choice."""

    table: str
    unit: str
    row: str | None
    field: str
    text: str | None
    heading: str = ""


class Row(dict):
    """A row's values by field; None for a missing one."""

    def __init__(self, unit: str, name: str | None) -> None:
        super().__init__()
        self.unit, self.name = unit, name

    def __missing__(self, field: str) -> None:
        return None


@dataclass
class RawValues:
    """The values of the raw texts, and the lists that no file has: units and their states, files,
    findings."""

    units: dict[str, "UnitState"]
    # of each submission its id, and whether it is set aside
    files: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    own: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    rows: dict[str, dict[tuple[str, str | None], Row]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add(self, raws: Iterable[Raw]) -> "RawValues":
        for raw in raws:
            value = typed(raw)
            if raw.table == "unit_summary":
                self.own[raw.unit][raw.field] = value
            else:
                row = self.rows[raw.table].setdefault((raw.unit, raw.row), Row(raw.unit, raw.row))
                row[raw.field] = value
        return self

    @property
    def reported(self) -> list[str]:
        return [code for code, unit in self.units.items() if unit.state == "accepted"]

    def of(self, table: str, unit: str | None = None) -> list[Row]:
        return [row for row in self.rows[table].values() if unit in (None, row.unit)]

    def value(self, unit: str, key: str) -> Any:
        """A key of `info`: from the unit's rows where they have the column, else the unit's own
        value."""
        if key in OF_ROWS:
            table, columns, compute = OF_ROWS[key]
            rows = self.of(table, unit)
            if rows and all(any(column in row for row in rows) for column in columns):
                return compute(rows)
        return self.own.get(unit, {}).get(key)

    def organisation(self, row: Row) -> str:
        """Of a district organisation's line the organisation itself, of a commune's the one that it
        is named by."""
        return self.units[row.unit].kind or row.name or ""

    def lines(self, organisation: str) -> list[Row]:
        return [r for r in self.of("org_meeting") if organisation in ("", self.organisation(r))]


class UnitState(NamedTuple):
    """A unit of the registry: which organisation it is, if one; accepted, returned or missing; when
    it first came; whether a scan of it waits for an officer."""

    name: str
    kind: str | None
    state: str
    first: dt.datetime | None
    has_scan_on_hold: bool = False

    @property
    def reporter(self) -> str:
        return "district_org" if self.kind else "commune"


def typed(raw: Raw) -> Any:
    """The value of a raw text by what its field is."""
    if raw.field in MARKS:
        return (raw.text or "").strip().lower() in ("x", "×", "có", "1", "✓", "đ")
    if raw.text is None:
        return None
    if raw.field in DATES:
        return day(raw.text)
    if raw.field == "mode":
        mode = (raw.text if len(raw.text) > 2 else raw.heading).lower()
        return (
            "separate"
            if "riêng" in mode
            else "combined"
            if "lồng" in mode or "lg" in mode
            else None
        )
    if raw.field == "kind":
        words = raw.text.lower()
        return next((kind for word, kind in KINDS.items() if re.search(word, words)), None)
    return raw.text.strip() if raw.field in TEXTS else number(raw.text)


def number(text: str) -> int:
    """`1.234`, `25 đ/c`, `17/18 chi bộ (đạt 94,4%)`, `Không`."""
    found = re.match(r"\s*(\d{1,3}(?:\.\d{3})+(?!\d)|\d+)", text)
    return int(found[1].replace(".", "")) if found else {"không": 0, "-": 0}[text.strip().lower()]


def day(text: str) -> dt.date:
    """`2022-04-05`, `05/4/2022`, `5.4.2022`, `ngày 05 tháng 4 năm 2022`."""
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    year, month, day = numbers if numbers[0] > 31 else numbers[::-1]
    return dt.date(year, month, day)


def total(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is; 0 of nothing at all."""
    values = list(values)
    known = [v for v in values if v is not None]
    return sum(known) if known or not values else None


def share(pairs: Iterable[tuple[int | None, int | None]]) -> float | None:
    known = [(part, whole) for part, whole in pairs if part is not None and whole]
    return sum(p for p, _ in known) / sum(w for _, w in known) if known else None


def average(marks: Iterable[bool | None]) -> float | None:
    known = [mark for mark in marks if mark is not None]
    return sum(known) / len(known) if known else None


def points_between(before: float | None, after: float | None) -> float | None:
    """By how many percentage points two shares differ, each as printed with one decimal."""
    if before is None or after is None:
        return None
    tenth = Decimal("0.1")
    old, new = (Decimal(f"{100 * s:.12g}").quantize(tenth, ROUND_HALF_UP) for s in (before, after))
    return float(new - old)


def took_place(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["held_on"]]


def within(row: Row, fields: tuple[str, ...], days: tuple[dt.date, dt.date]) -> bool | None:
    """Whether all days are; None where a missing one decides."""
    inside = [days[0] <= row[f] <= days[1] if row[f] else None for f in fields]
    return False if False in inside else None if None in inside else True


def cell_within(row: Row) -> bool | None:
    return within(row, ("held_on",), CELL_DAYS) if row["held_on"] else None


def org_within(row: Row) -> bool | None:
    return within(row, ("first_on", "last_on"), ORG_DAYS) if row["branches_held"] else None


def met(t: RawValues, organisation: str = "") -> list[Row]:
    return [row for row in t.lines(organisation) if row["branches_held"]]


def of_units(key):
    return lambda t, _: total(t.value(unit, key) for unit in t.reported)


def share_of_units(part, whole):
    return lambda t, _: share((t.value(unit, part), t.value(unit, whole)) for unit in t.reported)


def of_lines(key):
    return lambda t, code: total(row[key] for row in t.lines(code))


def share_of_lines(part, whole):
    return lambda t, code: share(
        (row[part], row[whole]) for row in t.lines(code) if is_part_of(row[part], row[whole])
    )


def pairs_of_lines(part, whole, place):
    """The sum of the parts (place 0) or the wholes (place 1) of the lines that give both."""
    return lambda t, code: total(
        (row[part], row[whole])[place]
        for row in t.lines(code)
        if row[whole] and is_part_of(row[part], row[whole])
    )


def is_part_of(part, whole):
    """Whether both are known, and the part is no more than its whole."""
    return None not in (part, whole) and part <= whole


def states(condition):
    return lambda t, code: sum(
        condition(unit) for unit in t.units.values() if code in ("", unit.reporter)
    )


def materials(t, code):
    return [t.value(unit, code) for unit in t.reported if t.units[unit].reporter == "commune"]


def open_findings(t):
    """The findings in files that count, but for those that a later file has settled."""
    return [f for f in t.findings if f["status"] == "accepted" and not f.get("replaced")]


def errors_to_fix(t):
    """The errors in files that are not set aside, except for those that a later file has settled."""
    not_set_aside = {f["submission_id"] for f in t.files if not f["set_aside"]}
    return [
        f
        for f in t.findings
        if f["severity"] == "error" and not f["replaced"] and f["submission_id"] in not_set_aside
    ]


def cells_held_of(t):
    return took_place(t.of("cell_meeting"))


def says_what_met(t, unit):
    """Whether the unit's list of cells says which met: it has the column of days, or the unit does not
    say that any did. (Of a figure's places a blank day is none.)"""
    rows = t.of("cell_meeting", unit)
    has_days = any("held_on" in row for row in rows)
    return bool(rows) and (has_days or not t.own.get(unit, {}).get("cells_held"))


def cells_of_kind(t, code):
    return [r for r in t.of("cell_meeting") if r["kind"] == code and says_what_met(t, r.unit)]


def pairs_of_units(t, part, whole):
    """Of each unit the two numbers of a share, where it gives both, and no part above its whole."""
    pairs = [(t.value(unit, part), t.value(unit, whole)) for unit in t.reported]
    return [pair for pair in pairs if pair[0] is not None and pair[1] and pair[0] <= pair[1]]


def all_pairs(t, part, whole):
    """Of each unit a part and its whole, which may be 0, where it gives both."""
    pairs = [(t.value(unit, part), t.value(unit, whole)) for unit in t.reported]
    return [pair for pair in pairs if is_part_of(*pair)]


def attendance(t, of_all):
    """Of each unit those who came and the members, over the cells that met and say both; `of_all`:
    also over the cells that did not meet, where nobody came. A unit without such rows by its totals."""
    pairs = []
    for unit in t.reported:
        rows = t.of("cell_meeting", unit)
        known = [
            r for r in took_place(rows) if None not in (r["members_attended"], r["members_total"])
        ]
        if known or (says_what_met(t, unit) and not took_place(rows)):
            came = sum(r["members_attended"] for r in known)
            members = sum(r["members_total"] for r in known)
            if of_all:
                members += total(r["members_total"] for r in rows if not r["held_on"]) or 0
        else:
            came, members = t.value(unit, "members_attended"), t.value(unit, "members_total")
            if not of_all and t.value(unit, "cells_held") != t.value(unit, "cells_total"):
                continue
        pairs.append((came, members))
    return [(came, members) for came, members in pairs if came is not None and members]


def attendance_is_complete(t, unit):
    """Whether a unit that says how many of its cells met gives the attendance of all of these."""
    held, cells = t.value(unit, "cells_held"), t.value(unit, "cells_total")
    if held is None or cells is None:
        return False
    by_cell = [
        None not in (r["members_attended"], r["members_total"])
        for r in took_place(t.of("cell_meeting", unit))
    ]
    if any(by_cell):
        return all(by_cell)
    totals = t.value(unit, "members_attended"), t.value(unit, "members_total")
    return held == 0 or (held == cells and None not in totals)


def assigned(t):
    """Of each unit the members with a task and the members, over the cells that give both."""
    pairs = []
    for unit in t.reported:
        both = [
            (r["members_assigned"], r["members_total"])
            for r in t.of("cell_meeting", unit)
            if None not in (r["members_assigned"], r["members_total"])
        ]
        pairs.append(
            (sum(part for part, _ in both), sum(whole for _, whole in both))
            if sum(whole for _, whole in both)
            else (t.value(unit, "members_assigned"), t.value(unit, "members_total"))
        )
    return [(part, whole) for part, whole in pairs if whole and is_part_of(part, whole)]


def compared(t):
    """Head now and candidate of the villages of which both are known: whether they are Party members."""
    marks = [(row["head_is_party"], row["candidate_is_party"]) for row in t.of("village")]
    return [pair for pair in marks if None not in pair]


def mode_unknown(t, _):
    meetings = [
        (
            t.value(u, "cells_held"),
            t.value(u, "cells_held_separately"),
            t.value(u, "cells_held_combined"),
        )
        for u in t.reported
    ]
    known = [
        max(0, all_ - (separate or 0) - (combined or 0))
        for all_, separate, combined in meetings
        if all_ is not None
    ]
    return sum(known) if known or not meetings else None


def lines_that_differ(t, _):
    """Lines of an organisation that differ from the commune's own line, in the counts that both
    have."""
    compared = ("branches_total", "branches_held", "members_total", "members_attended")
    of_communes = {
        (row.unit, row.name): row
        for row in t.of("org_meeting_reported")
        if not t.units[row.unit].kind
    }
    names = {unit.name: code for code, unit in t.units.items()}
    return sum(
        any(None not in (row[f], other[f]) and row[f] != other[f] for f in compared)
        for row in t.of("org_meeting_reported")
        if t.units[row.unit].kind
        for other in [of_communes.get((names.get(row.name), t.units[row.unit].kind))]
        if other
    )


FIGURES = {
    # by the registry and the states of the submissions
    "units_expected": states(lambda unit: True),
    "units_reported": states(lambda unit: unit.state == "accepted"),
    "units_reported_share": lambda t, _: len(t.reported) / len(t.units),
    "units_on_time": states(lambda unit: unit.state == "accepted" and unit.first < DEADLINE),
    "units_late": states(lambda unit: unit.state == "accepted" and unit.first >= DEADLINE),
    "units_returned": states(lambda unit: unit.state == "returned"),
    "units_missing": states(lambda unit: unit.state == "missing"),
    "units_waiting": states(lambda unit: unit.state == "missing" and unit.has_scan_on_hold),
    "units_not_sent": states(lambda unit: unit.state == "missing" and not unit.has_scan_on_hold),
    # by the list of files, and the list of findings
    "files_not_counted": lambda t, _: len({f["submission_id"] for f in errors_to_fix(t)}),
    "findings_errors": lambda t, _: len(errors_to_fix(t)),
    "findings_warnings": lambda t, _: sum(f["severity"] == "warning" for f in open_findings(t)),
    "totals_differ": lambda t, _: len(
        {
            (f["submission_id"], f["section"], f["field"])
            for f in open_findings(t)
            if f["rule"] == "totals_differ" and " lớn hơn " not in f["message"]
        }
    ),
    "sources_differ": lambda t, _: len(
        {(f["submission_id"], f["row_name"]) for f in t.findings if f["rule"] == "sources_differ"}
    ),
    # by raw texts
    **{
        key: of_units(key)
        for key in (
            "directing_documents",
            "committee_members_assigned",
            "cells_total",
            "cells_held",
            "cells_held_separately",
            "cells_held_combined",
            "members_total",
            "members_attended",
            "members_assigned",
            "prospects_introduced",
            "prospects_village_heads",
            "villages_total",
            "village_heads_party",
            "news_items",
        )
    },
    "units_directing": lambda t, _: sum(
        (t.value(unit, "directing_documents") or 0) > 0 for unit in t.reported
    ),
    "units_directing_known": lambda t, _: sum(
        t.value(unit, "directing_documents") is not None for unit in t.reported
    ),
    "material_given": lambda t, code: sum(bool(mark) for mark in materials(t, code)),
    "material_given_share": lambda t, code: average(materials(t, code)),
    "cells_held_share": share_of_units("cells_held", "cells_total"),
    "cells_known": lambda t, _: total(
        whole for _, whole in pairs_of_units(t, "cells_held", "cells_total")
    ),
    "cells_held_known": lambda t, _: total(
        part for part, _ in pairs_of_units(t, "cells_held", "cells_total")
    ),
    "communes_with_cells": lambda t, _: len(all_pairs(t, "cells_held", "cells_total")),
    "communes_all_cells_held": lambda t, _: sum(
        held == all_ > 0 for held, all_ in pairs_of_units(t, "cells_held", "cells_total")
    ),
    "members_attended_share": lambda t, _: share(attendance(t, of_all=True)),
    "members_attended_met_share": lambda t, _: share(attendance(t, of_all=False)),
    "members_attended_met": lambda t, _: total(part for part, _ in attendance(t, of_all=False)),
    "members_met": lambda t, _: total(whole for _, whole in attendance(t, of_all=False)),
    "members_known": lambda t, _: total(whole for _, whole in attendance(t, of_all=True)),
    "members_attended_known": lambda t, _: total(part for part, _ in attendance(t, of_all=True)),
    "communes_with_attendance": lambda t, _: sum(
        attendance_is_complete(t, unit) for unit in t.reported
    ),
    "members_assigned_share": lambda t, _: share(assigned(t)),
    "members_assigned_known": lambda t, _: total(part for part, _ in assigned(t)),
    "members_of_assigned": lambda t, _: total(whole for _, whole in assigned(t)),
    "prospects_known": lambda t, _: total(
        whole for _, whole in all_pairs(t, "prospects_village_heads", "prospects_introduced")
    ),
    "prospects_village_heads_known": lambda t, _: total(
        part for part, _ in all_pairs(t, "prospects_village_heads", "prospects_introduced")
    ),
    "cells_listed": lambda t, code: len(cells_of_kind(t, code)),
    "cells_listed_held": lambda t, code: sum(row["kind"] == code for row in cells_held_of(t)),
    "cells_listed_held_share": lambda t, code: average(
        bool(row["held_on"]) for row in cells_of_kind(t, code)
    ),
    "cells_with_kind": lambda t, _: sum(
        row["kind"] is not None and says_what_met(t, row.unit) for row in t.of("cell_meeting")
    ),
    "heads_target": lambda t, _: None,
    "heads_target_reached": lambda t, _: None,
    "heads_target_gap": lambda t, _: None,
    "village_heads_party_known": lambda t, _: total(
        part for part, _ in pairs_of_units(t, "village_heads_party", "villages_total")
    ),
    "villages_heads_known": lambda t, _: total(
        whole for _, whole in pairs_of_units(t, "village_heads_party", "villages_total")
    ),
    "communes_heads_known": lambda t, _: len(
        pairs_of_units(t, "village_heads_party", "villages_total")
    ),
    "material_known": lambda t, code: sum(mark is not None for mark in materials(t, code)),
    "village_heads_party_share": share_of_units("village_heads_party", "villages_total"),
    "cells_not_held": lambda t, _: total(
        whole - part if is_part_of(part, whole) else None
        for part, whole in (
            (t.value(unit, "cells_held"), t.value(unit, "cells_total")) for unit in t.reported
        )
    ),
    "cells_mode_unknown": mode_unknown,
    "cells_in_window": lambda t, _: sum(cell_within(row) is True for row in t.of("cell_meeting")),
    "cells_out_of_window": lambda t, _: sum(
        cell_within(row) is False for row in t.of("cell_meeting")
    ),
    "cells_date_unknown": lambda t, _: (
        (total(t.value(unit, "cells_held") for unit in t.reported) or 0) - len(cells_held_of(t))
    ),
    "meetings_detailed": lambda t, _: len(cells_held_of(t)),
    "meetings_with_committee": lambda t, _: sum(
        bool(row["committee_attended"]) for row in cells_held_of(t)
    ),
    "meetings_without_committee": lambda t, _: sum(
        row["committee_attended"] is False for row in cells_held_of(t)
    ),
    "meetings_with_committee_share": lambda t, _: average(
        row["committee_attended"] for row in cells_held_of(t)
    ),
    "meetings_committee_known": lambda t, _: sum(
        row["committee_attended"] is not None for row in cells_held_of(t)
    ),
    "meetings_covid_known": lambda t, _: sum(
        row["covid_safe"] is not None for row in cells_held_of(t)
    ),
    "meetings_covid_safe": lambda t, _: sum(bool(row["covid_safe"]) for row in cells_held_of(t)),
    "meetings_covid_safe_share": lambda t, _: average(
        row["covid_safe"] for row in cells_held_of(t)
    ),
    "meetings_content_incomplete": lambda t, _: sum(
        any(row[c] is False for c in CONTENTS) for row in cells_held_of(t)
    ),
    "content_covered": lambda t, code: sum(bool(row[code]) for row in cells_held_of(t)),
    "content_known": lambda t, code: sum(row[code] is not None for row in cells_held_of(t)),
    "content_covered_share": lambda t, code: average(row[code] for row in cells_held_of(t)),
    "org_branches_total": of_lines("branches_total"),
    "org_branches_held": of_lines("branches_held"),
    "org_branches_held_share": share_of_lines("branches_held", "branches_total"),
    "org_branches_known": pairs_of_lines("branches_held", "branches_total", 1),
    "org_branches_held_known": pairs_of_lines("branches_held", "branches_total", 0),
    "org_branches_not_held": lambda t, _: total(
        row["branches_total"] - row["branches_held"]
        for row in t.lines("")
        if is_part_of(row["branches_held"], row["branches_total"])
    ),
    "org_communes_known": lambda t, code: sum(
        is_part_of(row["branches_held"], row["branches_total"]) for row in t.lines(code)
    ),
    "org_content_known": lambda t, code: sum(row[code] is not None for row in met(t)),
    "org_mode_unknown": lambda t, _: total(
        max(0, row["branches_held"] - (row["held_separately"] or 0) - (row["held_combined"] or 0))
        for row in t.lines("")
        if row["branches_held"] is not None
    ),
    "org_held_separately": of_lines("held_separately"),
    "org_held_combined": of_lines("held_combined"),
    "org_members_total": of_lines("members_total"),
    "org_members_attended": of_lines("members_attended"),
    "org_members_attended_share": share_of_lines("members_attended", "members_total"),
    "org_members_known": pairs_of_lines("members_attended", "members_total", 1),
    "org_members_attended_known": pairs_of_lines("members_attended", "members_total", 0),
    "org_lines_held": lambda t, _: len(met(t)),
    "org_lines_in_window": lambda t, _: sum(org_within(row) is True for row in t.lines("")),
    "org_lines_out_of_window": lambda t, _: sum(org_within(row) is False for row in t.lines("")),
    "org_lines_date_unknown": lambda t, _: sum(org_within(row) is None for row in met(t)),
    "org_lines_from_communes": lambda t, _: sum(
        t.units[row.unit].kind is None for row in t.lines("")
    ),
    "org_content_covered": lambda t, code: sum(bool(row[code]) for row in met(t)),
    "org_content_covered_share": lambda t, code: average(row[code] for row in met(t)),
    "village_deputies_party": lambda t, _: sum(
        bool(row["deputy_is_party"]) for row in t.of("village")
    ),
    "village_deputies_party_share": lambda t, _: average(
        row["deputy_is_party"] for row in t.of("village")
    ),
    "village_deputies_known": lambda t, _: sum(
        row["deputy_is_party"] is not None for row in t.of("village")
    ),
    "villages_compared": lambda t, _: len(compared(t)),
    "heads_compared": lambda t, _: sum(now for now, _ in compared(t)),
    "heads_compared_share": lambda t, _: average(now for now, _ in compared(t)),
    "candidates_compared": lambda t, _: sum(then for _, then in compared(t)),
    "candidates_compared_share": lambda t, _: average(then for _, then in compared(t)),
    "heads_change_points": lambda t, _: points_between(
        average(now for now, _ in compared(t)), average(then for _, then in compared(t))
    ),
    "heads_stays": lambda t, _: compared(t).count((True, True)),
    "heads_gains": lambda t, _: compared(t).count((False, True)),
    "heads_loses": lambda t, _: compared(t).count((True, False)),
    "heads_none": lambda t, _: compared(t).count((False, False)),
}


def figure(name: str, raw_values: RawValues) -> float | None:
    """A figure's value from the raw values; KeyError for one that is not recomputed here."""
    kind, _, code = name.partition(".")
    return FIGURES[kind](raw_values, code)


def as_printed(name: str, value: float | None) -> str:
    """The value as an office prints it."""
    if value is None:
        return "chưa có số liệu"
    if name.endswith("_points"):
        return f"{value:.1f}".replace(".", ",")
    if not name.partition(".")[0].endswith("_share"):
        return re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", str(int(value)))
    if value in (0, 1):
        return f"{value:.0%}"
    tenths = int(Decimal(f"{value:.15g}") * 1000 + Decimal("0.5"))
    return f"{min(max(tenths, 1), 999) / 10:.1f}%".replace(".", ",")
