"""Excel formulas of the form: totals of a table, and what a unit's own total should be by the rows
below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sources.form import Section
from sources.sql_parsing import Node, arguments, column_of, parse


def from_rows_formula(sql: str, section: Section, ranges: Mapping[str, str]) -> str | None:
    """The Excel formula for a `from_rows` aggregate over a table's columns, without the leading
    `=`.

    `ranges` maps the section's keys to their ranges, such as `'Chi bộ'!$F$5:$F$44`. None where the
    SQL is of a form that Excel is not asked to follow: the sheet then shows no check, and the
    night's own still runs.
    """
    total = parse(sql)
    if total is None or total.get("distinct"):
        return None
    given = arguments(total)
    column = column_of(given[0]) if given else None
    function, where = total.get("function_name"), total.get("filter")
    if function == "sum" and not where:
        cells = _cells(column, ranges)
        return f"SUM({cells})" if cells else None
    if function not in ("count", "count_star"):
        return None
    counted = section.row_key[0] if function == "count_star" else column
    criteria = [_filled(counted, ranges), *_criteria(where, section, ranges)]
    return None if None in criteria else f"COUNTIFS({','.join(c for c in criteria if c)})"


def _criteria(
    condition: Node | None, section: Section, ranges: Mapping[str, str]
) -> Iterator[str | None]:
    """The range and criterion of each condition joined by AND; None for one that is not
    understood."""
    if condition is None:
        return
    if condition["type"] == "CONJUNCTION_AND":
        for part in condition["children"]:
            yield from _criteria(part, section, ranges)
    elif condition["type"] == "OPERATOR_IS_NOT_NULL":
        yield _filled(column_of(condition["children"][0]), ranges)
    elif condition["type"] == "COMPARE_EQUAL":
        yield _equals(condition, section, ranges)
    else:
        yield _is_marked(condition, section, ranges)


def _cells(column: str | None, ranges: Mapping[str, str]) -> str | None:
    return ranges.get(column) if column else None


def _filled(column: str | None, ranges: Mapping[str, str]) -> str | None:
    cells = _cells(column, ranges)
    return f'{cells},"<>"' if cells else None


def _is_marked(condition: Node, section: Section, ranges: Mapping[str, str]) -> str | None:
    column = column_of(condition)
    cells = _cells(column, ranges)
    return f'{cells},"x"' if column and cells and section.by_key[column].type == "mark" else None


def _equals(condition: Node, section: Section, ranges: Mapping[str, str]) -> str | None:
    """The criterion of a column that is equal to a text, as the form's drop-down writes the
    text."""
    column, text = column_of(condition["left"]), condition["right"].get("literal", {})
    cells = _cells(column, ranges)
    if not column or not cells or text.get("kind") != "STRING":
        return None
    return f'{cells},"{list_item(section.by_key[column].choice_label(text["text"]))}"'


def list_item(label: str) -> str:
    """The label as a drop-down can hold it: Excel parts a list at its commas, and reading folds
    punctuation anyway."""
    return label.replace(", ", " / ").replace(",", " / ")
