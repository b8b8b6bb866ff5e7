"""Each cell of the annexes and of the working file, computed again from the places that
`tonghop why` gives. Sheets are called PL1 to PL5 and LV1 to LV4, whatever part of them it is."""

from typing import Any

from recomputed import (
    CONTENTS,
    RawValues,
    Row,
    cell_within,
    org_within,
    points_between,
    share,
    total,
)

from sources.campaigns import Campaign
from warehouse.reports.annex_content import AnnexCell, FormattedValue, Origin
from warehouse.why import Explanation

STATES = {
    "on_time": "Gửi đúng hạn",
    "late": "Gửi muộn",
    "returned": "Đang hoàn thiện lại",
    "missing": "Chưa gửi",
}


def value_of(cell: AnnexCell) -> Any:
    return cell.value.value if isinstance(cell.value, FormattedValue) else cell.value


def again(
    sheet: str,
    cell: AnnexCell,
    origin: Origin,
    answer: Explanation,
    raw_values: RawValues,
    campaign: Campaign,
) -> Any:
    """The cell's value from `raw_values`, which holds the raw texts of the answer's places and no
    others."""
    if not origin.table and not origin.figure:
        return of_lists(sheet, cell, raw_values, campaign)
    if origin.figure:
        return of_figure(cell, answer)
    if origin.table == "finding":
        return of_finding(cell, answer)
    if origin.table in ("unit_status", "submission"):
        return of_files(sheet, cell, answer)
    if sheet == "PL4":
        return of_flagged(cell, raw_values, campaign)
    if sheet == "PL5":
        return of_opinion(cell, raw_values)
    if sheet == "PL2" and cell.column in ("commune", "reporter"):
        return of_line(cell, answer, raw_values)
    if sheet == "PL3" and "candidate_is_party" in origin.fields:
        return of_heads(cell, raw_values.of("village"))
    return of_values(cell, origin, raw_values)


def of_lists(sheet: str, cell: AnnexCell, raw_values: RawValues, campaign: Campaign) -> Any:
    """Names of units by units.csv, of organisations and questions by the form; the figures' names
    are declared with them."""
    if cell.style != "row":
        if cell.column not in ("unit", "commune", "text"):
            return None
        labels = {c.code: c.label for c in campaign.form.field("orgs", "organisation").choice}
        labels |= {"commune": "Xã, thị trấn", "district_org": "MTTQ, tổ chức cấp huyện"}
        if sheet == "PL5":
            return campaign.form.field("text", cell.key[0]).label
        return labels.get(cell.key, "Tổng cộng")
    return raw_values.units[cell.key].name if sheet in ("PL1", "PL3") else value_of(cell)


def of_figure(cell: AnnexCell, answer: Explanation) -> Any:
    """How many files the places are in; of the value and its printing see the test of the
    figures."""
    files = {(place.file_name, part.unit_code) for part in answer.parts for place in part.places}
    return len(files) if cell.column == "files" else value_of(cell)


def of_opinion(cell: AnnexCell, raw_values: RawValues) -> Any:
    """What units wrote on a question, and which: all of those named wrote the same."""
    key, *codes = cell.key
    if cell.style == "group":
        return len(codes) if cell.column == "units" else None
    (text,) = {plain(raw_values.own[code][key]) for code in codes}
    return {
        "text": cell.value if plain(str(cell.value)) == text else text,
        "units": len(codes),
        "names": ", ".join(raw_values.units[code].name for code in codes),
    }[cell.column]


def plain(text: str) -> str:
    """The text without what does not make it another one."""
    return " ".join(text.split()).casefold().rstrip(" .;,")


def of_heads(cell: AnnexCell, rows: list[Row]) -> Any:
    """Village heads and candidates, over the rows of which both are known."""
    ways = [(r["head_is_party"], r["candidate_is_party"]) for r in rows if None not in pair(r)]
    shares = [share((way[n], 1) for way in ways) for n in (0, 1)]
    of = {
        "villages_compared": len(ways),
        "heads_stays": ways.count((True, True)),
        "heads_gains": ways.count((False, True)),
        "heads_loses": ways.count((True, False)),
        "heads_none": ways.count((False, False)),
        "heads_compared_share": shares[0],
        "candidates_compared_share": shares[1],
        "heads_change_points": ways and points_between(*shares),
    }
    return of[cell.column] if ways or cell.style == "total" or cell.value is not None else None


def pair(row: Row) -> tuple[bool | None, bool | None]:
    return row["head_is_party"], row["candidate_is_party"]


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


def of_files(sheet: str, cell: AnnexCell, answer: Explanation) -> Any:
    (part,) = answer.parts or (None,)
    if sheet == "PL1" and cell.column == "status":
        return STATES[part.value]
    if sheet == "PL1" and part and part.value in ("returned", "missing"):
        return None
    if sheet == "PL1":
        received = part and part.places[0].note.split()[3]
        shown = cell.value and f"{cell.value:%d/%m/%Y}"
        return value_of(cell) if received == shown else received
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
        *(
            f"Không có {section.by_key[key].label[0].lower()}{section.by_key[key].label[1:]}"
            for key in ("committee_attended", *CONTENTS)
            if row[key] is False
        ),
    ]
