"""Parts of a file that another unit reports, as a member of an archive or a sheet of a workbook: they do not count."""

from __future__ import annotations

from collections.abc import Mapping

from sources.extraction.collected import Collected, shorten
from sources.extraction.issuer import Resolved
from sources.extraction.issuer_lines import part_of
from sources.extraction.vocabulary import Vocabulary
from sources.grids import Document

_OF_ANOTHER = (
    "Phần “{part}” ghi “{text}”, không phải đơn vị báo cáo, nên không được tính. Đề nghị mỗi đơn vị gửi một "
    "báo cáo riêng."
)
_OF_A_PART = (
    "Phần “{part}” là báo cáo riêng của “{text}”, không phải của cả đơn vị, nên không được tính. Đề nghị "
    "tổng hợp vào báo cáo chung của đơn vị."
)


def set_parts_aside(
    document: Document,
    issuers: Mapping[str, Resolved],
    vocabulary: Vocabulary,
    collected: Collected,
) -> None:
    """Takes out what stands in parts that name another unit than the commune that reports, with a finding each.

    So does an archive's member that a party cell or an organisation of the commune issues, beside the commune's own.
    """
    extract = collected.extract
    owner = extract.unit_code
    if extract.issuer != "unit" or owner not in vocabulary.names.communes:
        return
    for part, found in issuers.items():
        of_a_part = found.issuer.kind == "part" and document.kind == "zip"
        of_another = found.issuer.kind != "part" and found.issuer.code != owner
        if (of_a_part or of_another) and not _also_names(part, owner, document, collected):
            _take_out(part, document.kind, collected)
            message = _OF_A_PART if of_a_part else _OF_ANOTHER
            collected.finding(
                "line_of_another",
                found.line.sheet,
                found.line.ref,
                section="info",
                value=shorten(found.line.text),
                message=message.format(part=shorten(part), text=shorten(found.line.text)),
            )


def _also_names(part: str, owner: str | None, document: Document, collected: Collected) -> bool:
    """Whether a labelled line of the part names the unit that reports."""
    return any(
        fact.value == owner and part_of(fact.sheet, document.kind) == part
        for fact in collected.units
    )


def _take_out(part: str, kind: str, collected: Collected) -> None:
    extract = collected.extract
    collected.parts_set_aside.add(part)
    collected.pairs = {k: f for k, f in collected.pairs.items() if part_of(f.sheet, kind) != part}
    extract.facts = [f for f in extract.facts if part_of(f.sheet, kind) != part]
    extract.findings = [f for f in extract.findings if part_of(f.sheet or "", kind) != part]
