"""Parts of a file that another unit reports, as a member of an archive or a sheet of a workbook: they do not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary
from sources.extraction.letterhead import first_lines, named_in
from sources.grids import Document, Grid, Paragraph

WITHIN = " › "   # between an archive's member and the places in it


class _Told(NamedTuple):
    """A unit that a part of the file names, and where."""

    code: str
    text: str
    sheet: str
    ref: str


def set_parts_aside(document: Document, words: Dictionary, collected: Collected) -> None:
    """Takes out what stands in parts that name another unit than the commune that reports, with a finding each."""
    owner = collected.extract.unit_code
    if owner is None or words.campaign.registry.by_code[owner].reporter != "commune":
        return
    for part, told in _units_by_part(document, words, collected).items():
        if all(unit.code != owner for unit in told):
            _take_out(part, document.kind == "zip", collected)
            first = told[0]
            collected.finding(
                "line_of_another", first.sheet, first.ref, section="info", value=shorten(first.text),
                message=f"Phần “{shorten(part)}” ghi “{shorten(first.text)}”, không phải đơn vị báo cáo, nên không "
                        f"được tính. Đề nghị mỗi đơn vị gửi một báo cáo riêng.")


def _units_by_part(document: Document, words: Dictionary, collected: Collected) -> dict[str, list[_Told]]:
    archive = document.kind == "zip"
    told: dict[str, list[_Told]] = {}
    for fact in collected.units:
        if fact.value:
            told.setdefault(_part(fact.sheet, archive), []).append(_Told(fact.value, fact.raw, fact.sheet, fact.cell))
    for part, blocks in _members(document.blocks) if archive else ():
        named = named_in(list(first_lines(Document("zip", blocks))), words) if part not in told else None
        if named:
            told[part] = [_Told(named[0].code, named[1].text, named[1].sheet, named[1].ref)]
    return told


def _members(blocks: Iterable[Grid | Paragraph]) -> Iterator[tuple[str, list[Grid | Paragraph]]]:
    members: dict[str, list[Grid | Paragraph]] = {}
    for block in blocks:
        members.setdefault(_part(block.sheet, True), []).append(block)
    yield from members.items()


def _part(sheet: str, archive: bool) -> str:
    return sheet.partition(WITHIN)[0] if archive else sheet


def _take_out(part: str, archive: bool, collected: Collected) -> None:
    extract = collected.extract
    collected.parts_set_aside.add(part)
    collected.pairs = {k: f for k, f in collected.pairs.items() if _part(f.sheet, archive) != part}
    extract.facts = [f for f in extract.facts if _part(f.sheet, archive) != part]
    extract.findings = [f for f in extract.findings if _part(f.sheet or "", archive) != part]
