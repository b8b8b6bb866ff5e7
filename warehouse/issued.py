"""A report that was issued: a folder with the document, its annexes, its numbers and the warehouse
that they come from, frozen with the SHA-256 of each."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from sources.ledger import flush
from warehouse.printed_numbers import printed_numbers
from warehouse.published_folder import file_digest

MANIFEST, NUMBERS, WAREHOUSE = "manifest.json", "so-lieu.json", "warehouse.duckdb"


def folder_name(number: int, dated: dt.date) -> str:
    """What the folder of a report is called: `76-2022-04-18`."""
    return f"{number:02d}-{dated.isoformat()}"


def freeze(
    folder: Path, documents: Mapping[str, Path], warehouse: Path, about: Mapping[str, object]
) -> str:
    """Copies the documents, by their names, and the warehouse into a new folder, with the numbers as
    JSON and a manifest: `about`, and the SHA-256 of each file. Returns the manifest's SHA-256.

    The folder is there whole or not at all. Raises FileExistsError where there is one.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} exists")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, path in {**documents, WAREHOUSE: warehouse}.items():
        shutil.copyfile(path, part / name)
    with duckdb.connect(str(part / WAREHOUSE), read_only=True) as con:
        _write_json(part / NUMBERS, printed_numbers(con))
    digests = {path.name: file_digest(path) for path in sorted(part.iterdir())}
    _write_json(part / MANIFEST, {**about, "files": digests})
    for path in (*part.iterdir(), part):
        flush(path)
    part.rename(folder)
    flush(folder.parent)
    return file_digest(folder / MANIFEST)


def changed_files(folder: Path, manifest_sha256: str) -> list[str]:
    """The names of the folder's files that are no longer as they were frozen, or are gone."""
    manifest = folder / MANIFEST
    if not manifest.is_file() or file_digest(manifest) != manifest_sha256:
        return [MANIFEST]
    digests = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return [
        name
        for name, digest in digests.items()
        if not (folder / name).is_file() or file_digest(folder / name) != digest
    ]


def _write_json(path: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")
