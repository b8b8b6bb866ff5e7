"""Who issues a report (III.4): a unit of the registry, or a part of one, by all that the document
states of it.

A labelled line, the chain of the letterhead, the title, the sentence that introduces the report and
the signature count in this order; what stands on every page only where none of these does. Two that
name different units are a finding. A party cell or an organisation of a commune is a part of its
unit: its report waits for an officer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.issuer_lines import Line, part_of
from sources.extraction.issuer_statements import Statement
from sources.extraction.vocabulary import Vocabulary
from sources.grids import ARCHIVE_KINDS, Document
from sources.issuers import Issuer, Issuers

# where a part's own report names itself
_SURE_PLACES = (
    "label",
    "letterhead",
    "title",
    "signature",
)


Kind = Literal["unit", "part", "organisation", "addressed", "other"]


class Resolved(NamedTuple):
    """The issuer of a part of a document, by the statement that counts; `other` is one that names
    another unit.

    `sure` is False where the document names the addressee only.
    """

    issuer: Issuer
    line: Line
    by: str
    other: Statement | None = None
    sure: bool = True


def find_issuer(
    document: Document,
    statements_by_part: Mapping[str, Sequence[Statement]],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> dict[str, Resolved]:
    """Sets the issuer of the extract; returns the issuers of the document's parts (members, sheets)
    that are known.

    `statements_by_part` holds what each part's front matter states of its issuer.
    """
    labels = list(_labels(builder, vocabulary))
    found: dict[str, Resolved] = {}
    for number, (part, statements) in enumerate(statements_by_part.items()):
        own = [s for s in labels if part_of(s.line.sheet, document.kind) == part]
        resolved = resolve([*own, *statements], vocabulary.issuers)
        # a sheet on an organisation, in a commune's workbook
        of_later_sheet = number > 0 and document.kind not in ARCHIVE_KINDS
        if resolved and not (
            of_later_sheet and resolved.issuer.kind == "part" and resolved.by != "label"
        ):
            found[part] = resolved
    document_issuer = _issuer_of_document(found, document.kind in ARCHIVE_KINDS)
    _keep_label(document_issuer, vocabulary, builder)
    if document_issuer:
        _add_to_extract(document_issuer, vocabulary, builder)
    return found


def is_of_district(
    statements_by_part: Mapping[str, Sequence[Statement]], vocabulary: Vocabulary
) -> bool:
    """Whether the front matter names a district organisation as issuer."""
    issuers = (
        resolved.issuer
        for statements in statements_by_part.values()
        if (resolved := resolve(statements, vocabulary.issuers))
    )
    issuer = next(issuers, None)
    unit = (
        vocabulary.campaign.registry.by_code.get(issuer.code or "")
        if issuer and issuer.kind == "unit"
        else None
    )
    return unit is not None and unit.reporter == "district_org"


def resolve(statements: Iterable[Statement], issuers: Issuers) -> Resolved | None:
    """The issuer by all statements together; None where there is none."""
    statements = list(statements)
    on_page = [s for s in statements if s.by != "page header"] or statements
    units = [s for s in on_page if s.issuer.kind == "unit"]
    parts = [
        s
        for s in on_page
        if s.issuer.kind == "part"
        and (
            s.by in _SURE_PLACES
            or not units
            or (s.by == "addressee" and s.issuer.code == units[0].issuer.code)
        )
    ]
    if parts:
        return _part_of(parts, units, issuers)
    if not units:
        return next((Resolved(*s) for s in on_page if s.issuer.kind == "other"), None)
    first = units[0]
    others = (
        s
        for s in on_page
        if s.by in ("label", "letterhead", "title", "sentence")
        and s.issuer.kind in ("unit", "other")
        and s.issuer.code != first.issuer.code
    )
    return Resolved(*first, next(others, None))


def _part_of(parts: Sequence[Statement], units: Sequence[Statement], issuers: Issuers) -> Resolved:
    """A part with the unit that it belongs to: which it names, else the one named beside it, else
    of its bare name."""
    first = parts[0]
    named = [s.issuer.code for s in parts if s.issuer.code and s.issuer.of_place]
    beside = [s.issuer.code for s in units if s.issuer.code in issuers.names.communes]
    bare = [s.issuer.code for s in parts if s.issuer.code]
    code = next(iter([*named, *beside, *bare, *(s.issuer.code for s in units)]), None)
    sure = bool(units) or any(s.by != "addressee" for s in parts)
    return Resolved(first.issuer._replace(code=code), first.line, first.by, sure=sure)


def _labels(builder: ExtractBuilder, vocabulary: Vocabulary) -> Iterator[Statement]:
    for fact in builder.unit_facts:
        if fact.raw and (issuer := vocabulary.issuers.of(shorten(fact.raw, 200))):
            yield Statement(issuer, Line(fact.raw, fact.sheet, fact.cell), "label")


def _issuer_of_document(found: dict[str, Resolved], archive: bool) -> Resolved | None:
    """Whose document it is: the first labelled unit's, else the first unit's, else the first that
    is named.

    A workbook whose first sheet is a party cell's is the cell's; an archive may hold cells' reports
    beside its unit's.
    """
    resolved = list(found.values())
    of_units = [r for r in resolved if r.issuer.kind == "unit"]
    labelled = [r for r in of_units if r.by == "label"]
    first_part = (
        resolved[:1] if resolved and resolved[0].issuer.kind == "part" and not archive else []
    )
    return next(iter([*labelled, *first_part, *of_units, *resolved]), None)


def _keep_label(resolved: Resolved | None, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Keeps the labelled value that counts; one that names no unit, as a column header `Đơn vị`,
    goes."""
    key = ("info", "unit")
    if resolved and resolved.by == "label":
        kept = next(
            (
                f
                for f in builder.unit_facts
                if (f.sheet, f.cell) == (resolved.line.sheet, resolved.line.ref)
            ),
            None,
        )
    else:
        kept = next(
            (f for f in builder.unit_facts if vocabulary.issuers.of(shorten(f.raw, 200))), None
        )
    if kept:
        builder.pairs[key] = kept
    elif resolved:
        builder.pairs.pop(key, None)


def _kind(resolved: Resolved, vocabulary: Vocabulary) -> Kind:
    """The kind of issuer for the extract; also an organisation without a place, or an addressee
    only."""
    if resolved.by == "addressee" and not resolved.sure:
        return "addressed"
    placeless = resolved.issuer.kind == "part" and resolved.issuer.code is None
    if placeless and vocabulary.issuers.is_organisation(resolved.line.text):
        return "organisation"
    return resolved.issuer.kind


def _add_to_extract(resolved: Resolved, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Sets the issuer in the extract, and adds findings about its name."""
    extract, issuer, line = builder.extract, resolved.issuer, resolved.line
    extract.unit_code, extract.unit_text = issuer.code, line.text
    extract.issuer = _kind(resolved, vocabulary)
    extract.unit_near = vocabulary.issuers.nearest(line.text) if issuer.kind == "other" else None
    extract.unit_sheet, extract.unit_cell = line.sheet, line.ref
    by_code = vocabulary.campaign.registry.by_code
    if issuer.kind == "unit" and not issuer.as_written:
        builder.add_finding(
            "unit_name_assumed",
            line.sheet,
            line.ref,
            section="info",
            field="unit",
            value=shorten(line.text),
            meant=by_code[issuer.code or ""].name,
        )
    if other := resolved.other:
        builder.add_finding(
            "unit_names_differ",
            other.line.sheet,
            other.line.ref,
            section="info",
            field="unit",
            value=shorten(other.line.text),
            message=f"Báo cáo ghi hai đơn vị: “{shorten(line.text)}” ({line.sheet}, {line.ref}) và “"
            f"{shorten(other.line.text)}”. Báo cáo được tính cho {by_code[issuer.code or ''].name}; đề nghị "
            f"kiểm tra, ghi thống nhất một đơn vị.",
        )
