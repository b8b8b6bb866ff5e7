"""Excel formulas of the form: totals of a table, and what a unit's own total should be by the rows below it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sources.form import Section

_COUNT = re.compile(r"count\((\*|\w+)\)(?: FILTER \(WHERE (.+)\))?", re.IGNORECASE)
_AND = re.compile(r"\s+AND\s+", re.IGNORECASE)
_SUM = re.compile(r"sum\((\w+)\)", re.IGNORECASE)
_NOT_NULL = re.compile(r"(\w+) IS NOT NULL", re.IGNORECASE)
_EQUALS = re.compile(r"(\w+) = '(\w+)'")


def from_rows_formula(sql: str, section: Section, ranges: Mapping[str, str]) -> str | None:
    """The Excel formula for a `from_rows` aggregate over a table's columns, without the leading `=`.

    `ranges` maps the section's keys to their ranges, such as `'Chi bộ'!$F$5:$F$44`. None where the SQL is of a form
    that Excel is not asked to follow: the sheet then shows no check, and the night's own still runs.
    """
    if total := _SUM.fullmatch(sql.strip()):
        return f"SUM({ranges[total[1]]})" if total[1] in ranges else None
    if not (count := _COUNT.fullmatch(sql.strip())):
        return None
    counted = section.row_key[0] if count[1] == "*" else count[1]
    conditions = [f"{counted} IS NOT NULL", *(_AND.split(count[2]) if count[2] else ())]
    criteria = [_criterion(c.strip(), section, ranges) for c in conditions]
    return None if None in criteria else f"COUNTIFS({','.join(c for c in criteria if c)})"


def _criterion(condition: str, section: Section, ranges: Mapping[str, str]) -> str | None:
    """The range and criterion of one condition, None where it is not understood."""
    if (filled := _NOT_NULL.fullmatch(condition)) and filled[1] in ranges:
        return f'{ranges[filled[1]]},"<>"'
    if (equal := _EQUALS.fullmatch(condition)) and equal[1] in ranges:
        return f'{ranges[equal[1]]},"{listed(section.by_key[equal[1]].choice_label(equal[2]))}"'
    if condition in ranges and section.by_key[condition].type == "mark":
        return f'{ranges[condition]},"x"'
    return None


def listed(label: str) -> str:
    """The label as a drop-down can hold it: Excel parts a list at its commas, and reading folds punctuation anyway."""
    return label.replace(", ", " / ").replace(",", " / ")
