"""Parts of a file that another unit reports, as a member of an archive or a sheet of a workbook:
they do not count."""

from __future__ import annotations

from collections.abc import Mapping

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.issuer import Resolved
from sources.extraction.issuer_lines import part_of
from sources.extraction.vocabulary import Vocabulary
from sources.grids import ARCHIVE_KINDS, Document

_OF_ANOTHER = (
    "Phần “{part}” ghi “{text}”, không phải đơn vị báo cáo, nên không được tính. Đề nghị mỗi đơn vị gửi một "
    "báo cáo riêng."
)
_OF_A_PART = (
    "Phần “{part}” là báo cáo riêng của “{text}”, không phải của cả đơn vị, nên không được tính. Đề nghị "
    "tổng hợp vào báo cáo chung của đơn vị."
)


def drop_parts_of_others(
    document: Document,
    issuers: Mapping[str, Resolved],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """Drops the parts that name another unit than the reporting commune, with a finding each.

    So does an archive's member that a party cell or an organisation of the commune issues, beside
    the commune's own. A district organisation lists communes' branches by sheets, and has their own
    reports as members: of these only the report of another unit goes.
    """
    extract, is_archive = builder.extract, document.kind in ARCHIVE_KINDS
    owner = extract.unit_code
    is_commune = owner in vocabulary.unit_names.communes
    if extract.issuer != "unit" or not (is_commune or is_archive):
        return
    for part, resolved in issuers.items():
        kind = resolved.issuer.kind
        of_a_part = kind == "part" and is_archive and is_commune
        of_another = (
            kind == "unit" or (kind == "other" and is_commune)
        ) and resolved.issuer.code != owner
        if (of_a_part or of_another) and not _also_names(part, owner, document, builder):
            _drop_part(part, document.kind, builder)
            message = _OF_A_PART if of_a_part else _OF_ANOTHER
            builder.add_finding(
                "line_of_another",
                resolved.line.sheet,
                resolved.line.ref,
                section="info",
                value=shorten(resolved.line.text),
                message=message.format(part=shorten(part), text=shorten(resolved.line.text)),
            )


def _also_names(part: str, owner: str | None, document: Document, builder: ExtractBuilder) -> bool:
    """Whether a labelled line of the part names the unit that reports."""
    return any(
        fact.value == owner and part_of(fact.sheet, document.kind) == part
        for fact in builder.unit_facts
    )


def _drop_part(part: str, kind: str, builder: ExtractBuilder) -> None:
    extract = builder.extract
    builder.dropped_parts.add(part)
    builder.pairs = {k: f for k, f in builder.pairs.items() if part_of(f.sheet, kind) != part}
    extract.facts = [f for f in extract.facts if part_of(f.sheet, kind) != part]
    extract.findings = [f for f in extract.findings if part_of(f.sheet or "", kind) != part]
