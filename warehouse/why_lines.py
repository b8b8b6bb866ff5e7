"""The answer of `tonghop why` as an officer reads it: the number, how it comes about, then unit by
unit each value with its file, sheet, ref and raw text. Long lists are cut, with what to add to see
the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from sources.campaigns import Campaign
from warehouse.numbers_vi import UNKNOWN, count, percent, printed
from warehouse.places import PagePicture, Place
from warehouse.reports import wording
from warehouse.why import Explanation, Part, UnitWithoutValue

MAX_UNITS = 50
MAX_PLACES_PER_UNIT = 5  # of a unit, where many units are shown
MAX_UNIT_NAMES = 12
MAX_ADDENDS = 12
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MARKS = {"true": "có", "false": "không"}
LACKS = {
    "missing": "chưa gửi báo cáo",
    "returned": "báo cáo bị trả lại",
    "accepted": "báo cáo không có nội dung này",
}
_CONFIRMATIONS = {
    "proved": "đã kiểm chứng tự động",
    "confirmed": "cán bộ đã xác nhận",
    "corrected": "cán bộ đã sửa theo ảnh",
    "waiting": "chờ cán bộ xác nhận",
}

# Makes pictures of places on pages, and returns by picture its path, or why there is none.
MakePictures = Callable[[Sequence[PagePicture]], Mapping[PagePicture, str]]
_PathOf = Callable[[PagePicture], str | None]


def why_lines(
    answer: Explanation,
    whole: bool = False,
    campaign: Campaign | None = None,
    make_pictures: MakePictures | None = None,
) -> Iterator[str]:
    """The lines of the answer; `whole`: nothing is cut; the campaign names its own rules.

    `make_pictures` is called once, with the pictures of the places that are shown, if there are
    any; what it leaves out is counted in a last line.
    """
    shown: list[PagePicture] = []
    for _ in _lines(answer, whole, campaign, shown.append):
        pass
    wanted = list(dict.fromkeys(shown))
    made = make_pictures(wanted) if make_pictures and wanted else {}
    yield from _lines(answer, whole, campaign, made.get)
    if make_pictures and len(wanted) > len(made):
        yield (
            f"… còn {count(len(wanted) - len(made))} chỗ chưa cắt ảnh; thêm --unit MÃ để xem một đơn vị, "
            "--all để xem tất cả."
        )


def _lines(
    answer: Explanation, whole: bool, campaign: Campaign | None, path_of: _PathOf
) -> Iterator[str]:
    yield (
        f"{answer.figure}: {answer.description} = {answer.printed}"
        if answer.printed
        else f"{answer.figure}: {answer.description}"
    )
    if not answer.table:
        yield "Ô này không lấy từ báo cáo của đơn vị nào."
        return
    if len(answer.parts) != 1:
        yield how_computed(answer)
    if answer.lacking:
        yield f"Chưa có số liệu của {count(len(answer.lacking))} đơn vị: {_lacking(answer.lacking, whole)}."
    units = [
        (unit, list(parts))
        for unit, parts in groupby(answer.parts, key=lambda p: (p.unit_code, p.unit_name))
    ]
    shown = units if whole else units[:MAX_UNITS]
    most = None if whole or len(shown) == 1 else MAX_PLACES_PER_UNIT
    for (code, name), parts in shown:
        unit = f"{name} ({code})" if code else "Chưa rõ đơn vị"
        yield from _unit_lines(unit, code, parts, most, campaign, path_of)
    if len(units) > len(shown):
        yield f"… còn {count(len(units) - len(shown))} đơn vị; thêm --unit MÃ để xem một đơn vị, --all để xem tất cả."
    rows = f" (các dòng của bảng {answer.table}: {answer.condition})" if answer.condition else ""
    yield f"Truy vấn: {answer.query}" + (
        "" if answer.condition and answer.condition in answer.query else rows
    )


def how_computed(answer: Explanation) -> str:
    """How the number comes from its parts: the sum, the part and its whole, or how many rows are
    counted."""
    if not answer.parts:
        return _nothing(answer)
    of_unit = " (riêng đơn vị này)" if answer.unit_code and answer.value is not None else ""
    units = len({part.unit_code for part in answer.parts})
    numbers = {
        field: [int(p.value) for p in answer.parts if p.field == field and p.value]
        for field in _counts(answer.parts)
    }
    sums = {field: sum(values) for field, values in numbers.items()}
    if len(sums) == 1 and set(sums) == {p.field for p in answer.parts}:
        (values,) = numbers.values()
        return f"Cộng số liệu của {count(units)} đơn vị{of_unit}: {_sum(values)}"
    if answer.printed.endswith("%") and len(sums) == 2:
        part, whole = sorted(sums.values())
        fraction = f"{count(part)} / {count(whole)}"
        if whole and percent(part / whole) != answer.printed:
            return (
                f"Chỉ tính những dòng có đủ cả hai số liệu; cộng mọi ô dưới đây của {count(units)} "
                f"đơn vị{of_unit} là {fraction}."
            )
        return f"{fraction}, cộng số liệu của {count(units)} đơn vị{of_unit}."
    rows = len({(p.unit_code, p.row_name) for p in answer.parts if p.row_name})
    rows += sum(not p.row_name for p in answer.parts)
    if all(p.label is None for p in answer.parts):  # files, units or findings, each counted
        rows = len(answer.parts)
    return f"{count(rows)} dòng của {count(units)} đơn vị{of_unit}."


def _nothing(answer: Explanation) -> str:
    if answer.lacking:
        return (
            "Chưa biết: không đơn vị nào được hỏi có số liệu này."
            if not answer.value
            else "Không có dòng nào."
        )
    if answer.unit_code and answer.value is None:
        return "Nội dung này không hỏi đơn vị này, hoặc đơn vị không có dòng nào như vậy."
    return "Không có dòng nào."


def _counts(parts: Sequence[Part]) -> list[str]:
    """The fields whose every value is a count."""
    fields = dict.fromkeys(p.field for p in parts if p.field)
    return [f for f in fields if all((p.value or "").isdecimal() for p in parts if p.field == f)]


def _sum(values: Sequence[int]) -> str:
    shown = " + ".join(map(count, values[:MAX_ADDENDS])) + (
        " + …" if len(values) > MAX_ADDENDS else ""
    )
    return f"{shown} = {count(sum(values))}." if len(values) > 1 else f"{shown}."


def _lacking(lacking: Sequence[UnitWithoutValue], whole: bool) -> str:
    shown = lacking if whole else lacking[:MAX_UNIT_NAMES]
    more = (
        f"; … còn {count(len(lacking) - len(shown))} đơn vị (thêm --all)"
        if len(lacking) > len(shown)
        else ""
    )
    return "; ".join(f"{unit.unit_name} ({LACKS[unit.status]})" for unit in shown) + more


def _unit_lines(
    unit: str,
    code: str | None,
    parts: Sequence[Part],
    most: int | None,
    campaign: Campaign | None,
    path_of: _PathOf,
) -> Iterator[str]:
    """A line where the unit gave one value from one place; else the unit, and its values below."""
    lines = [line for part in parts for line in _part_lines(part, campaign, path_of)]
    if len(lines) == 1:
        yield f"- {unit}: {lines[0]}"
        return
    yield f"- {unit}:"
    yield from (f"    {line}" for line in lines[:most])
    if most is not None and len(lines) > most:
        more = f"--unit {code}" if code else "--all"
        yield f"    … còn {count(len(lines) - most)} dòng; thêm {more} để xem đủ."


def _part_lines(part: Part, campaign: Campaign | None, path_of: _PathOf) -> Iterator[str]:
    head = part_words(part, campaign)
    if part.computed is None and len(part.places) <= 1:
        yield f"{head} ← {_place(part.places[0], path_of)}" if part.places else head
        return
    yield head + (
        f", tính từ các ô sau ({part.computed}):" if part.computed else ", theo các tệp sau:"
    )
    for place in part.places:
        row = " · ".join(filter(None, (place.row_name, place.label or place.field)))
        yield (
            f"  {row} ← {_place(place, path_of)}"
            if part.computed
            else f"  {_place(place, path_of)}"
        )


def part_words(part: Part, campaign: Campaign | None) -> str:
    """Row, column and value; of a unit or a file its state, of a finding the rule."""
    if part.label is None:
        return " · ".join(filter(None, (part.row_name, value_words(part, campaign))))
    return (
        " · ".join(filter(None, (part.row_name, part.label))) + f" = {value_words(part, campaign)}"
    )


def value_words(part: Part, campaign: Campaign | None) -> str:
    """The value as people read it; of a unit or a file its state, of a finding the rule."""
    value = part.value or UNKNOWN
    if part.label is None:
        states = {**wording.FILE_STATES, **wording.STATES}
        return states.get(value) or wording.rule_label(value, campaign)
    if day := _DAY.fullmatch(value):
        return "/".join(day.groups()[::-1])
    shown = printed(int(value), "count") if value.isdecimal() else value
    return _MARKS.get(shown, shown)


def _place(place: Place, path_of: _PathOf) -> str:
    where = place_words(place.sheet, place.cell)
    blank = (
        "(để trống)"
        if place.cell
        else ""
        if place.note
        else "(theo đơn vị gửi; trong tệp không ghi)"
    )
    raw = f"“{place.raw_text}”" if place.raw_text is not None else blank
    # on one line
    picture = _picture(place.picture, path_of) if place.picture else None
    return " · ".join(filter(None, (place.file_name, where, raw, place.note, picture))).replace(
        "\n", "⏎"
    )


def place_words(sheet: str | None, cell: str | None) -> str:
    """A place in a file: `Biểu 1!C7`, or `Đoạn 14`, which has its number already."""
    numbered = sheet and cell and sheet.endswith(f" {cell}")
    return sheet or "" if numbered else "!".join(filter(None, (sheet, cell)))


def _picture(picture: PagePicture, path_of: _PathOf) -> str:
    """The page, how far the value is confirmed, and the path of the picture."""
    decision = f" (quyết định số {picture.decision_id})" if picture.decision_id else ""
    path = path_of(picture)
    return f"ảnh trang {picture.page}, {_CONFIRMATIONS[picture.state]}{decision}" + (
        f": {path}" if path else ""
    )
