"""A fresh home's Prefect database: a copy of a migrated template, which costs milliseconds instead
of 10 to 20 seconds.

`make_database.py` makes the template. It is named by Prefect's version: another version of Prefect
needs another.
"""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import version
from pathlib import Path


def copy_database(engine_home: Path) -> bool:
    """Copies the migrated template to `engine_home`/prefect.db where none is; False where there was
    nothing to copy."""
    database = engine_home / "prefect.db"
    if database.exists():
        return False
    template = next((t for t in templates() if t.is_file()), None)
    if template is None:
        return False
    draft = database.with_suffix(".copying")
    shutil.copyfile(template, draft)
    draft.rename(database)
    return True


def templates() -> list[Path]:
    """Where the template may lie: in the virtual environment, else (which may be read-only) in the
    user's cache."""
    name = f"prefect-{version('prefect')}.db"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return [Path(sys.prefix) / "share" / "tonghop" / name, cache / "tonghop" / name]
