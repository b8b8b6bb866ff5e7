"""Lines of organisations once all are read: those of no commune or of other organisations, and
those to be added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.facts import Fact
from sources.extraction.header import Header
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import Section
from sources.text import fold

Place = tuple[str, str]  # a sheet and a reference on it

_LIKE_A_COMMUNE = (
    75  # from this likeness on (of 100) a text may be a commune's name with typing errors
)
_MIN_LINES_WITH_SUM = 3  # lines, one of which may be the sum of the others
_MAX_NAMES_IN_FINDING = 5


class OrgLine(NamedTuple):
    """One line of an organisation: the facts of its row, by field."""

    row: int
    facts: dict[str, Fact]

    def counts(self, section: Section) -> dict[str, int]:
        """The counts that are known."""
        return {
            key: int(fact.value)
            for key, fact in self.facts.items()
            if section.by_key[key].type == "count" and fact.value is not None
        }


def branch_names(view: GridView, header: Header) -> dict[Place, str]:
    """The texts of a column beside the communes that names branches, by the place of the row's own
    name.

    Such a column is unknown and stands left of the first count, as `Công đoàn cơ sở` beside `Xã,
    thị trấn`.
    """
    section = header.section
    keys = [c for c in header.columns if c.role == "field" and c.field in section.row_key]
    counts = [
        c.index
        for c in header.columns
        if c.role == "field" and c.field and section.by_key[c.field].type == "count"
    ]
    beside = [
        c
        for c in header.columns
        if c.role == "unknown" and c.label and c.index < min(counts, default=0)
    ]
    if not keys or not beside or all(section.by_key[c.field or ""].type == "text" for c in keys):
        return {}
    return {
        (view.sheet, view.ref(row, key.index)): text
        for key in keys
        for row in range(header.bottom + 1, view.height)
        if (text := view.own_text(row, beside[0].index)) and not text.strip().isdigit()
    }


def consolidate_lines(
    branches: dict[Place, str], vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """Drops lines of no commune or of organisations that are not asked; adds up those of branches.

    Each is a finding. A name that may be a commune's with a typing error stays: it is an error of
    its line.
    """
    for section in vocabulary.campaign.form.tables:
        if any(section.by_key[key].type in ("organisation", "commune") for key in section.row_key):
            lines = _lines_of(section, builder)
            lines = _without_other_organisations(lines, section, vocabulary, builder)
            lines = _without_other_places(lines, section, vocabulary, builder)
            _merge_branches(lines, branches, section, vocabulary, builder)


def _lines_of(section: Section, builder: ExtractBuilder) -> list[OrgLine]:
    rows: dict[int, dict[str, Fact]] = {}
    for fact in builder.extract.facts:
        if fact.section == section.key:
            rows.setdefault(fact.row, {})[fact.field] = fact
    return [OrgLine(row, facts) for row, facts in rows.items()]


def _without_other_organisations(
    lines: list[OrgLine], section: Section, vocabulary: Vocabulary, builder: ExtractBuilder
) -> list[OrgLine]:
    """The lines without those of organisations that exist but are not asked."""
    return _without(
        lines,
        "organisation",
        "other_organisation",
        section,
        builder,
        lambda text: any(
            f"{fold(text)} ".startswith(f"{name} ") for name in vocabulary.other_organisations
        ),
    )


def _without_other_places(
    lines: list[OrgLine], section: Section, vocabulary: Vocabulary, builder: ExtractBuilder
) -> list[OrgLine]:
    """The lines without those of schools and offices below the ones of communes."""
    if not any(line.facts["commune"].value for line in lines if "commune" in line.facts):
        return lines
    return _without(
        lines,
        "commune",
        "line_of_no_commune",
        section,
        builder,
        lambda text: not vocabulary.unit_names.may_be_commune(text, _likeness),
    )


def _likeness(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= _LIKE_A_COMMUNE


def _without(
    lines: list[OrgLine],
    field: str,
    rule: str,
    section: Section,
    builder: ExtractBuilder,
    is_other: Callable[[str], bool],
) -> list[OrgLine]:
    """The lines without those whose name is another thing, which one finding names."""
    other = [
        line
        for line in lines
        if (fact := line.facts.get(field))
        and fact.value is None
        and fact.raw
        and is_other(fact.raw)
    ]
    if not other:
        return lines
    first = other[0].facts[field]
    names = list(dict.fromkeys(line.facts[field].raw for line in other))
    listed = ", ".join(names[:_MAX_NAMES_IN_FINDING]) + (
        ", …" if len(names) > _MAX_NAMES_IN_FINDING else ""
    )
    builder.add_finding(
        rule,
        first.sheet,
        first.cell,
        section=section.key,
        field=field,
        value=shorten(listed),
        count=len(other),
    )
    _drop_rows((line.row for line in other), section, builder)
    return [line for line in lines if line not in other]


def _drop_rows(rows: Iterable[int], section: Section, builder: ExtractBuilder) -> None:
    dropped, extract = set(rows), builder.extract
    extract.facts = [f for f in extract.facts if f.section != section.key or f.row not in dropped]
    extract.findings = [
        f for f in extract.findings if f.section != section.key or f.row not in dropped
    ]


def _merge_branches(
    lines: list[OrgLine],
    branches: dict[Place, str],
    section: Section,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """Makes one line of those that give the branches of one organisation in one commune."""
    groups: dict[tuple[str | None, ...], list[OrgLine]] = {}
    for line in lines:
        key = tuple(fact.value if (fact := line.facts.get(k)) else None for k in section.row_key)
        if any(key) and all(
            line.facts[k].value or not line.facts[k].raw for k in section.row_key if k in line.facts
        ):
            groups.setdefault(key, []).append(line)
    merged_groups = [
        group
        for group in groups.values()
        if len(group) > 1 and _branches_in(group, branches, section, vocabulary)
    ]
    if not merged_groups:
        return
    for group in merged_groups:
        _drop_rows((line.row for line in group[1:]), section, builder)
        summed = {fact.field: fact for fact in _sum(_without_sum(group, section), section)}
        extract = builder.extract
        extract.facts = [
            summed.get(f.field, f) if (f.section, f.row) == (section.key, group[0].row) else f
            for f in extract.facts
        ]
    first = _name_fact(merged_groups[0][0], section)
    builder.add_finding(
        "lines_added_up",
        first.sheet,
        first.cell,
        section=section.key,
        value=shorten(first.raw),
        count=sum(map(len, merged_groups)),
        groups=len(merged_groups),
    )


def _name_fact(line: OrgLine, section: Section) -> Fact:
    return next(line.facts[key] for key in reversed(section.row_key) if key in line.facts)


def _branches_in(
    group: list[OrgLine], branches: dict[Place, str], section: Section, vocabulary: Vocabulary
) -> list[OrgLine]:
    """The lines of one organisation and commune that name a branch each, beside the commune or with
    it.

    Empty where they do not, or where two name the same one. A line of the commune as a whole goes,
    where it gives the sum of the others.
    """
    named: dict[str, OrgLine] = {}
    for line in group:
        facts = [line.facts[key] for key in section.row_key if key in line.facts]
        texts = [text for fact in facts if (text := branches.get((fact.sheet, fact.cell)))]
        texts += [
            fact.raw
            for fact in facts
            if fact.field == "commune" and not vocabulary.unit_names.exact(fact.raw)
        ]
        if texts:
            named[fold(" ".join(texts))] = line
    lines = list(named.values())
    if len(lines) < len(group) - 1 or len(lines) < 2:
        return []
    return lines if len(lines) == len(group) or _without_sum(group, section) == lines else []


def _without_sum(group: list[OrgLine], section: Section) -> list[OrgLine]:
    """The lines without the one that gives the sum of the others, as a line of the whole commune
    does."""
    for line in group if len(group) >= _MIN_LINES_WITH_SUM else ():
        counts, others = (
            line.counts(section),
            [other.counts(section) for other in group if other is not line],
        )
        if len(counts) > 1 and all(
            n == sum(o.get(key, 0) for o in others) for key, n in counts.items()
        ):
            return [other for other in group if other is not line]
    return group


def _sum(group: list[OrgLine], section: Section) -> Iterable[Fact]:
    """The facts of one line for all lines: sums, the first and the last day, marks that all have.

    A count that is blank or untyped in one of them is unknown.
    """
    days = section.window.fields if section.window else ()
    for key, first in group[0].facts.items():
        facts = [line.facts[key] for line in group if key in line.facts]
        known = [fact for fact in facts if fact.value is not None]
        kind = section.by_key[key].type
        if kind == "count":
            raw = (
                shorten(" + ".join(fact.raw or "…" for fact in facts))
                if any(fact.raw for fact in facts)
                else ""
            )
            total = (
                str(sum(int(str(fact.value)) for fact in known))
                if len(known) == len(facts)
                else None
            )
            yield first._replace(row=group[0].row, value=total, raw=raw)
        elif kind == "date" and len(known) == len(facts):
            found = (max if key == days[-1] else min)(known, key=lambda fact: str(fact.value))
            yield found._replace(row=group[0].row)
        elif kind == "mark":
            found = next((fact for fact in facts if fact.value != "true"), first)
            yield found._replace(row=group[0].row)
        elif kind == "date":
            untyped = (fact for fact in facts if fact.value is None and fact.raw)
            found = next(untyped, known[0] if known else first)
            yield found._replace(row=group[0].row)
