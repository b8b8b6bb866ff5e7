"""Values that the reporting unit is not asked for: a district organisation has no party cells and
no villages."""

from __future__ import annotations

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.vocabulary import Vocabulary


def drop_unasked_values(vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Drops the pairs that the form does not ask of a unit of this sort, each with a finding."""
    unit = vocabulary.campaign.registry.by_code.get(builder.extract.unit_code or "")
    if unit is None:
        return
    for (section, key), fact in list(builder.pairs.items()):
        if unit.reporter in vocabulary.campaign.form.by_key[section].by_key[key].reporters:
            continue
        del builder.pairs[section, key]
        if fact.raw and fact.value is not None:
            builder.add_finding(
                "not_read",
                fact.sheet,
                fact.cell,
                section=section,
                field=key,
                value=shorten(fact.raw),
            )
