"""The product's values for what a campaign leaves out: defaults.toml, merged below campaign.toml
and form.toml.

Tables are merged key by key; any other value of the campaign counts instead of the default. A list
may also be changed rather than replaced: `count_words = { add = ["hộ"], remove = ["xã"] }`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sources.reading_rules import reading_rules

DEFAULTS = Path(__file__).with_name("defaults.toml")
CHANGES = {"add", "remove"}


class DefaultsError(Exception):
    """A change of a default list that cannot be made: the file and key that ask for it, and what to
    do."""

    def __init__(self, path: tuple[str, ...], problem: str) -> None:
        file, key = ("form.toml", path[1:]) if path[0] == "form" else ("campaign.toml", path)
        self.place, self.problem = (file, ".".join(key)), problem
        super().__init__(f"{file}: {'.'.join(key)}: {problem}")


@cache
def defaults() -> dict[str, Any]:
    """The content of defaults.toml, with the severities of the reading rules; not to be changed."""
    declared = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    reading_severities = {name: rule.severity for name, rule in reading_rules().items()}
    return {**declared, "severity": {**reading_severities, **declared["severity"]}}


def with_defaults(declared: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a campaign's files (form.toml under "form"), completed by the defaults.

    Raises DefaultsError where a default list is to be changed otherwise than by `add` and `remove`.
    """
    return _merged(defaults(), declared, ())


def _merged(
    default: Mapping[str, Any], declared: Mapping[str, Any], path: tuple[str, ...]
) -> dict[str, Any]:
    merged = dict(default)
    for key, value in declared.items():
        default_value = default.get(key)
        if isinstance(default_value, dict) and isinstance(value, dict):
            merged[key] = _merged(default_value, value, (*path, key))
        elif isinstance(default_value, list) and isinstance(value, dict):
            merged[key] = _changed(default_value, value, (*path, key))
        else:
            merged[key] = value
    return merged


def _changed(default: list[Any], change: dict[str, Any], path: tuple[str, ...]) -> list[Any]:
    """The default list without what `remove` names, and then with what `add` names."""
    if not change.keys() <= CHANGES or not all(isinstance(v, list) for v in change.values()):
        raise DefaultsError(
            path, "write a list, or { add = [...], remove = [...] } to change the default one"
        )
    if missing := [entry for entry in change.get("remove", ()) if entry not in default]:
        raise DefaultsError(
            path, f"remove names what the default list does not hold: {missing}; leave it out"
        )
    kept = [entry for entry in default if entry not in change.get("remove", ())]
    return kept + [entry for entry in change.get("add", ()) if entry not in kept]
