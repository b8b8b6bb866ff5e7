"""The reports' longer queries, each in a file of its own under `sql/`."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "sql"


def query(name: str) -> str:
    """The text of sql/<name>.sql."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
