"""Compares what was read with what was written: which values are wrong, and which of them are
reported.

It does not know how a text is read: it compares the writer's meanings with the values that
extraction found.
"""

from __future__ import annotations

import unicodedata

from made_reports import CAMPAIGN, FORM, Key, Said

from sources.extraction.facts import Extract, Fact
from sources.registry import Unit


def facts_by_key(extract: Extract, unit: Unit) -> dict[Key, list[Fact]]:
    """The facts by section, row and field, of two rows of one name both; a row's own unit fills
    what it leaves out."""
    rows: dict[tuple[str, int], dict[str, Fact]] = {}
    for fact in extract.facts:
        rows.setdefault((fact.section, fact.row), {})[fact.field] = fact
    found: dict[Key, list[Fact]] = {}
    for (section, row), facts in rows.items():
        name = (
            ""
            if row == 0
            else " / ".join(_part(facts.get(k), k, unit) for k in FORM.by_key[section].row_key)
        )
        for field, fact in facts.items():
            found.setdefault((section, name, field), []).append(fact)
    return found


def wrongs(
    truth: dict[Key, Said], extract: Extract, unit: Unit
) -> list[tuple[Key, Said | None, Fact | None]]:
    """Each place whose value is not what it means; values that stand nowhere in the report are
    among them."""
    found = facts_by_key(extract, unit)
    wrong: list[tuple[Key, Said | None, Fact | None]] = []
    for key, said in truth.items():
        facts = found.pop(key, [])
        if not facts and said.means not in (None, "false"):
            wrong.append((key, said, None))
        wrong += [(key, said, fact) for fact in facts if not _same(said, fact, key)]
    named = {key[:2] for key in truth}
    wrong += [
        (key, None, fact)
        for key, facts in found.items()
        for fact in facts
        if fact.raw and (key[:2] not in named or key[2] not in ("commune", "organisation"))
    ]
    return wrong


def _same(said: Said, fact: Fact, key: Key) -> bool:
    if not said.clear:
        return False
    if fact.value is None or said.means is None:
        return (fact.value or "false") == (said.means or "false") and not (
            fact.value is None and fact.raw.strip(" -")
        )
    return _plain(fact.value) == _plain(said.means)


def _part(fact: Fact | None, field: str, unit: Unit) -> str:
    if fact is not None and fact.value is not None:
        return _plain(fact.value)
    own = {"commune": unit.code, "organisation": unit.kind}.get(field)
    return str(own) if own and (fact is None or not fact.raw) else "None"


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


UNITS = CAMPAIGN.registry.communes
