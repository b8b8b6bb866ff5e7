"""Makes the migrated template of Prefect's database, if there is none yet.

usage: python -m flows.engine.make_database      (`make setup` runs it)
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

from flows.engine.database import templates
from flows.engine.start import prefect_engine


def make_template() -> Path:
    """The path of the migrated template, made now if it was not there; EngineError where the engine
    cannot start."""
    if found := next((t for t in templates() if t.is_file()), None):
        return found
    os.environ.pop("PREFECT_API_URL", None)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        with prefect_engine(home, home) as engine:
            engine.wait_until_ready()
        return _store_template(home / "prefect.db")


def _store_template(database: Path) -> Path:
    """Writes the database as one file without its write-ahead log, and renames it into place."""
    for template in templates():
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
