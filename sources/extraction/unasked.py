"""Values that the reporting unit is not asked for: a district organisation has no party cells and no villages."""

from __future__ import annotations

from sources.extraction.collected import Collected, shorten
from sources.extraction.vocabulary import Vocabulary


def set_unasked_aside(vocabulary: Vocabulary, collected: Collected) -> None:
    """Takes back the pairs that the form does not ask of a unit of this sort, each with a finding."""
    unit = vocabulary.campaign.registry.by_code.get(collected.extract.unit_code or "")
    if unit is None:
        return
    for (section, key), fact in list(collected.pairs.items()):
        if unit.reporter in vocabulary.campaign.form.by_key[section].by_key[key].reporters:
            continue
        del collected.pairs[section, key]
        if fact.raw and fact.value is not None:
            collected.finding(
                "not_read",
                fact.sheet,
                fact.cell,
                section=section,
                field=key,
                value=shorten(fact.raw),
            )
