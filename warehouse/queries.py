"""The queries of the warehouse itself (the marts stand in `marts/`), each in a file of its own
under `sql/`."""

from __future__ import annotations

from pathlib import Path

from sources.sql_files import SqlFiles

query = SqlFiles(Path(__file__).parent / "sql").query
