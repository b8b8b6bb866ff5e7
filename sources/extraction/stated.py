"""Values that sentences state, each with a finding; partial counts of one field are added up."""

from __future__ import annotations

from typing import NamedTuple

from sources.extraction.cell_types import part_of_whole
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.labelled import pair_fact
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.text import whole_number


class Stated(NamedTuple):
    """A value that a sentence states, with its place and the words that state it."""

    section: Section
    field: FormField
    value: str
    text: str
    sheet: str
    ref: str


def add_stated(stated: Stated, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Adds a value that a sentence states; one behind its label has precedence."""
    fact = pair_fact(
        stated.section,
        stated.field,
        stated.value,
        stated.value,
        stated.sheet,
        stated.ref,
        vocabulary,
    )
    report_stated("sentence_read", stated, builder)
    builder.add_pair(stated.section, stated.field, fact, stated=True)


def add_to_sum(
    stated: Stated, addends: list[str], vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """Adds a count to its `addends`: 15 tin, 04 bài and 36 lượt phát thanh are 55, which is a
    finding."""
    key = (stated.section.key, stated.field.key)
    addends.append(stated.value)
    total = str(sum(whole_number(addend.replace(".", "")) for addend in addends))
    if len(addends) == 1:
        add_stated(stated, vocabulary, builder)
        return
    raw = " + ".join(addends)
    _drop_last_finding(key, builder)
    fact = pair_fact(
        stated.section, stated.field, total, total, stated.sheet, stated.ref, vocabulary
    )
    builder.pairs[key] = fact._replace(raw=raw)
    builder.add_finding(
        "sentence_summed",
        stated.sheet,
        stated.ref,
        section=key[0],
        field=key[1],
        value=raw,
        label=stated.field.label,
        total=total,
    )


def add_stated_wholes(vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Adds the whole of a ratio where nothing else states it: 221 of `205/221` behind its label."""
    for (section_key, key), fact in list(builder.pairs.items()):
        section = vocabulary.campaign.form.by_key[section_key]
        whole = section.by_key.get(section.by_key[key].limit or "")
        ratio = part_of_whole(fact.raw) if whole and fact.value is not None else None
        if whole and ratio and not is_known(section, whole, builder):
            add_stated(
                Stated(section, whole, str(ratio[1]), fact.raw, fact.sheet, fact.cell),
                vocabulary,
                builder,
            )


def _drop_last_finding(key: tuple[str, str], builder: ExtractBuilder) -> None:
    """Takes back the finding of the counts so far: another one is added."""
    findings = builder.extract.findings
    last = next(
        (
            n
            for n in range(len(findings) - 1, -1, -1)
            if (findings[n].section, findings[n].field) == key
            and findings[n].rule in ("sentence_read", "sentence_summed")
        ),
        None,
    )
    if last is not None:
        del findings[last]


def is_known(section: Section, form_field: FormField, builder: ExtractBuilder) -> bool:
    """Whether a field has a value, or rows from which it is made."""
    fact = builder.pairs.get((section.key, form_field.key))
    rows = form_field.from_rows is not None and builder.row_counts[form_field.from_rows.section] > 0
    return rows or (fact is not None and bool(fact.raw))


def report_stated(rule: str, stated: Stated, builder: ExtractBuilder) -> None:
    """Raises a finding about the words that state a value."""
    builder.add_finding(
        rule,
        stated.sheet,
        stated.ref,
        section=stated.section.key,
        field=stated.field.key,
        value=shorten(stated.text),
        label=stated.field.label,
    )
