"""Pages of docs/ that are made from the code: written again, or reported as out of date."""

from __future__ import annotations

import sys
from pathlib import Path


def write_or_check_page(page: str, path: Path, module: str, arguments: list[str]) -> int:
    """Writes the page; with `--check`, only checks whether it is up to date. The exit code: 0, or 1 where
    it is not."""
    if "--check" not in arguments:
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == page:
        return 0
    print(f"{path.name} is not up to date: run `python -m {module}` and commit it", file=sys.stderr)
    return 1
