"""What the front matter of a document states of its issuer: letterhead, title, sentence, signature,
addressee."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sources.extraction.issuer_lines import FrontMatter, Line, reporters
from sources.issuers import Issuer, Issuers

_MAX_LINES_BEHIND_TITLE = 25  # within which the introducing sentence may stand


class Statement(NamedTuple):
    """Where a document names its issuer, and `by` what.

    label, letterhead, title, sentence, signature, addressee (of whom it is a part) or page header
    """

    issuer: Issuer
    line: Line
    by: str


def issuer_statements(front_matter: FrontMatter, issuers: Issuers) -> Iterator[Statement]:
    """All that the front matter states of the issuer, in order of precedence."""
    yield from _by_chain(front_matter.letterhead, issuers, "letterhead")
    yield from _by_title(front_matter.title, issuers)
    yield from _by_sentence(front_matter.text[:_MAX_LINES_BEHIND_TITLE], issuers)
    yield from _by_signature(front_matter.signatures, issuers)
    yield from _by_addressee(front_matter.addressees, issuers)
    yield from _by_chain(front_matter.page_header, issuers, "page header")


def _by_chain(lines: Sequence[Line], issuers: Issuers, by: str) -> Iterator[Statement]:
    """The issuer of a letterhead: superiors stand above, the last one named issues the report."""
    current: Statement | None = None
    above = ""
    for line in _joined_lines(lines, issuers):
        issuer = issuers.of(line.text) or issuers.of_district(f"{above} {line.text}")
        above = line.text
        if issuer is None:
            continue
        current_issuer = current.issuer if current else None
        if current_issuer is None or current_issuer.kind == "other":
            current = Statement(issuer, line, by)
        elif issuer.kind == "part":
            current = Statement(_under(current_issuer, issuer, issuers), line, by)
        elif current_issuer.kind == "part":
            current = (
                current._replace(
                    issuer=current_issuer._replace(code=current_issuer.code or issuer.code)
                )
                if current
                else None
            )
        elif issuer.code != current_issuer.code:
            current = _below(current, Statement(issuer, line, by), issuers) if current else None
            if current and current.issuer.code == current_issuer.code:
                yield Statement(issuer, line, by)
    if current and any(issuers.names_another_area(line.text) for line in lines):
        current = current._replace(issuer=Issuer("other", None))
    if current:
        yield current


def _under(superior: Issuer, part: Issuer, issuers: Issuers) -> Issuer:
    """A part below its superior: of the commune above it, unless it names its own with more than a
    bare name."""
    above = superior.code if superior.code in issuers.names.communes else None
    if part.code and (part.of_place or above is None):
        return part
    return part._replace(code=above or superior.code)


def _below(superior: Statement, named: Statement, issuers: Issuers) -> Statement:
    """Of two units one below the other: the lower one below an organisation of the district; of two
    communes the first.

    A bare commune below an organisation is where a part of that organisation is: `HỘI NÔNG DÂN
    HUYỆN / XÃ TÂN SƠN`.
    """
    if superior.issuer.code in issuers.names.communes:
        return superior
    if named.issuer.code in issuers.names.communes and not issuers.begins_with_committee(
        named.line.text
    ):
        return named._replace(issuer=named.issuer._replace(kind="part"))
    return named


def _joined_lines(lines: Sequence[Line], issuers: Issuers) -> Iterator[Line]:
    """The lines, those that names are broken over put together: `HỘI LIÊN HIỆP PHỤ NỮ` / `XÃ TÂN
    SƠN`."""
    open_line: Line | None = None
    for line in lines:
        joined = line._replace(text=f"{open_line.text} {line.text}") if open_line else line
        if issuers.names_a_place(line.text):
            yield joined
            open_line = None
        elif open_line is None:
            open_line = line
        elif issuers.of(line.text):
            yield open_line
            open_line = line
        else:
            open_line = joined
    if open_line:
        yield open_line


def _by_title(lines: Sequence[Line], issuers: Issuers) -> Iterator[Statement]:
    if found := issuers.in_title([line.text for line in lines]):
        yield Statement(found[0], lines[found[1]], "title")


def _by_sentence(lines: Sequence[Line], issuers: Issuers) -> Iterator[Statement]:
    for line in lines:
        for reporter in reporters(line.text):
            if issuer := issuers.in_clause(reporter):
                yield Statement(issuer, line, "sentence")
                return


def _by_signature(lines: Sequence[Line], issuers: Issuers) -> Iterator[Statement]:
    for line in lines:
        issuer = issuers.of(line.text)
        if issuer and issuer.kind == "unit" and issuer.of_place:
            yield Statement(issuer, line, "signature")
    if lines and all(issuers.is_single_cell(line.text) for line in lines):
        yield Statement(Issuer("part", None), lines[0], "signature")


def _by_addressee(lines: Sequence[Line], issuers: Issuers) -> Iterator[Statement]:
    """A report that is written to a commune's committee is of a part of the commune, not of the
    commune itself."""
    for line in lines:
        if (found := issuers.in_address(line.text)) is not None:
            yield Statement(found, line, "addressee")
