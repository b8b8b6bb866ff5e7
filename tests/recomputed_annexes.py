"""Each cell of the annexes, computed again from the places that `tonghop why` gives."""

from typing import Any

from recomputed import CONTENTS, RawValues, Row, cell_within, org_within, share, total

from sources.campaigns import Campaign
from warehouse.reports.annex_content import AnnexCell, FormattedValue, Origin
from warehouse.why import Explanation

STATES = {
    "on_time": "Đã nhận đúng hạn",
    "late": "Nộp muộn",
    "returned": "Bị trả lại",
    "missing": "Chưa báo cáo",
}


def value_of(cell: AnnexCell) -> Any:
    return cell.value.value if isinstance(cell.value, FormattedValue) else cell.value


def again(
    number: int,
    cell: AnnexCell,
    origin: Origin,
    answer: Explanation,
    raw_values: RawValues,
    campaign: Campaign,
) -> Any:
    """The cell's value from `raw_values`, which holds the raw texts of the answer's places and no
    others."""
    if not origin.table and not origin.figure:
        return of_lists(number, cell, raw_values, campaign)
    if origin.figure:
        return of_figure(cell, answer)
    if origin.table == "finding":
        return of_finding(cell, answer)
    if origin.table in ("unit_status", "submission"):
        return of_files(number, cell, answer)
    if number == 4:
        return of_flagged(cell, raw_values, campaign)
    if number == 2 and cell.column in ("commune", "reporter"):
        return of_line(cell, answer, raw_values)
    return of_values(cell, origin, raw_values)


def of_lists(number: int, cell: AnnexCell, raw_values: RawValues, campaign: Campaign) -> Any:
    """Names of units by units.csv, of organisations by the form; the figures' names are declared
    with them."""
    if cell.style != "row":
        if cell.column not in ("unit", "commune"):
            return None
        labels = {c.code: c.label for c in campaign.form.field("orgs", "organisation").choice}
        return labels.get(cell.key, "Tổng cộng")
    return raw_values.units[cell.key].name if number in (1, 3) else value_of(cell)


def of_figure(cell: AnnexCell, answer: Explanation) -> Any:
    """Annex 6: how many files the places are in; of the value and its printing see the test of the
    figures."""
    files = {(place.file_name, part.unit_code) for part in answer.parts for place in part.places}
    return len(files) if cell.column == "files" else value_of(cell)


def of_finding(cell: AnnexCell, answer: Explanation) -> Any:
    (part,) = answer.parts
    place = part.places[0]
    return {
        "file": place.file_name,
        "sheet": place.sheet,
        "cell": place.cell,
        "value": place.raw_text,
        "message": place.note,
    }.get(cell.column, value_of(cell))


def of_files(number: int, cell: AnnexCell, answer: Explanation) -> Any:
    (part,) = answer.parts or (None,)
    if number == 1 and cell.column == "status":
        return STATES[part.value]
    if number == 1 and part and part.value in ("returned", "missing"):
        return None
    if number == 1:
        received = part and part.places[0].note[: len("nhận 19:31 ngày 14/04/2022")]
        return (
            value_of(cell)
            if received == (cell.value and f"nhận {cell.value:%H:%M ngày %d/%m/%Y}")
            else received
        )
    return value_of(cell)


def of_line(cell: AnnexCell, answer: Explanation, raw_values: RawValues) -> Any:
    """Of a line of an organisation the commune, and who reported it."""
    unit = raw_values.units[answer.parts[0].unit_code]
    if cell.column == "reporter":
        return unit.name
    return answer.parts[0].row_name if unit.kind else unit.name


def of_values(cell: AnnexCell, origin: Origin, raw_values: RawValues) -> Any:
    if origin.table == "unit_summary":
        units = [origin.unit] if origin.unit else raw_values.reported
        rows = [{f: raw_values.value(unit, f) for f in origin.fields} for unit in units]
    else:
        rows = raw_values.of(origin.table)
    if "in_window" in (origin.condition or "") or len(origin.fields) == 3:
        inside = [org_within(row) for row in rows]
        return inside[0] if cell.style == "row" else sum(map(bool, inside))
    if len(origin.fields) == 2:
        return share((row[origin.fields[1]], row[origin.fields[0]]) for row in rows)
    values = [row[origin.fields[0]] for row in rows]
    if any(isinstance(value, bool) for value in values) and (
        cell.style != "row" or origin.table == "village"
    ):
        return sum(map(bool, values))
    if cell.style == "row":
        return values[0] if values else None
    return total(values)


def of_flagged(cell: AnnexCell, raw_values: RawValues, campaign: Campaign) -> Any:
    mart, _ = cell.key
    (row,) = raw_values.of(mart)
    section = campaign.form.by_key["cells" if mart == "cell_meeting" else "orgs"]
    if cell.column == "unit":
        return raw_values.units[row.unit].name
    if cell.column == "kind":
        return section.title
    if cell.column == "line":
        return name_of(row, raw_values, campaign)
    if cell.column in ("first_on", "last_on"):
        return row["held_on"] if mart == "cell_meeting" else row[cell.column]
    return "; ".join(reasons(row, mart, section))


def name_of(row: Row, raw_values: RawValues, campaign: Campaign) -> str:
    if row["name"]:
        return row["name"]
    unit = raw_values.units[row.unit]
    label = campaign.form.field("orgs", "organisation").choice_label(raw_values.organisation(row))
    return f"{label}, {row.name if unit.kind else unit.name}"


def reasons(row: Row, mart: str, section: Any) -> list[str]:
    """What there is to look at, in the words of the annex."""
    cells = mart == "cell_meeting"
    inside = cell_within(row) if cells else org_within(row)
    window = "từ ngày 03 đến ngày 15/4/2022" if cells else "từ ngày 05 đến ngày 15/4/2022"
    held, whole = row["branches_held"], row["branches_total"]
    if not (row["held_on"] if cells else held):
        return ["Chưa tổ chức"]
    return [
        *(
            [f"Mới tổ chức {held}/{whole}"]
            if not cells and whole is not None and held < whole
            else []
        ),
        *([f"Ngoài thời gian quy định ({window})"] if inside is False else []),
        *(f"Chưa có: {section.by_key[key].label}" for key in CONTENTS if row[key] is False),
    ]
