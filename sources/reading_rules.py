"""The rules that are raised while a file is read (reading_rules.toml): severity, name and message
of each."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from sources.declared_model import Declared


class ReadingRule(Declared):
    """A rule that is raised while a file is read: its default severity, its name for people, its
    message."""

    severity: Literal["error", "warning"]
    name: str
    message: str


@cache
def reading_rules() -> dict[str, ReadingRule]:
    """The rules by their names, in the order of reading_rules.toml."""
    declared = tomllib.loads(
        Path(__file__).with_name("reading_rules.toml").read_text(encoding="utf-8")
    )
    return {name: ReadingRule.model_validate(rule) for name, rule in declared.items()}
