"""Prefect's database, made once: migrating a fresh one costs 10 to 20 seconds, copying a migrated one milliseconds.

usage: python -m flows.engine_database      (`make setup` runs it)

Makes the template, if it is not there: in the virtual environment, else (where that cannot be written) in the user's
cache. It is named by Prefect's version: another version of Prefect makes another.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path


def put_database_in(engine_home: Path) -> bool:
    """Copies the migrated template to `engine_home`/prefect.db where none is; False where there was nothing to copy."""
    database = engine_home / "prefect.db"
    if database.exists():
        return False
    template = next((t for t in _templates() if t.is_file()), None)
    if template is None:
        return False
    draft = database.with_suffix(".copying")
    shutil.copyfile(template, draft)
    draft.rename(database)
    return True


def make_template() -> Path:
    """The path of the migrated template, made now if it was not there; EngineError where the engine cannot start."""
    from flows.engine import prefect_engine

    if found := next((t for t in _templates() if t.is_file()), None):
        return found
    os.environ.pop("PREFECT_API_URL", None)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        with prefect_engine(home, home) as engine:
            engine.wait_until_ready()
        return _keep(home / "prefect.db")


def _templates() -> list[Path]:
    name = f"prefect-{version('prefect')}.db"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return [Path(sys.prefix) / "share" / "tonghop" / name, cache / "tonghop" / name]


def _keep(database: Path) -> Path:
    """Writes the database as one file without its write-ahead log, and renames it into place."""
    for template in _templates():
        try:
            template.parent.mkdir(parents=True, exist_ok=True)
            draft = template.with_suffix(f".{os.getpid()}")
            with contextlib.closing(sqlite3.connect(database)) as source:
                source.execute("vacuum into ?", [str(draft)])
            draft.rename(template)
        except (OSError, sqlite3.OperationalError) as error:
            print(
                f"{template.parent} cannot be written ({error}); trying the next place",
                file=sys.stderr,
            )
        else:
            return template
    raise OSError(
        "no template of the engine's database could be kept: each new home will migrate its own"
    )


if __name__ == "__main__":
    print(f"engine's database: {make_template()}")
