"""Copies of campaign folders with other values in them."""

from __future__ import annotations

import shutil
from pathlib import Path

import tomlkit

from sources.campaigns import DEFAULT_CAMPAIGN


def copy_campaign(folder: Path, like: Path = DEFAULT_CAMPAIGN) -> Path:
    """The three files of a campaign in a new folder."""
    return shutil.copytree(like, folder, ignore=shutil.ignore_patterns("__pycache__"))


def set_key(folder: Path, key: str, value: str, file: str = "campaign.toml") -> None:
    """Sets a key such as limits.seconds, its value written as in TOML."""
    path = folder / file
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    *sections, name = key.split(".")
    table = document
    for section in sections:
        if section not in table:
            table[section] = tomlkit.table()
        table = table[section]
    table[name] = tomlkit.value(value)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
