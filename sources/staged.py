"""What was read from contents, kept as Parquet so that a repeat night need not read them again.

A batch of contents is a set of files under `staged/<version>/`, named `content-…`, `fact-…`, …
alike; `<version>` is a digest of the code that reads and of the campaign's three files, so a change
of either reads all again; a campaign's own rules, figures and template read nothing. All of it may
be deleted at any time. A set counts once its content file is there, which is renamed last.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sources.campaigns import Campaign
from sources.children.reading import ChunkResult
from sources.extraction.text_classes import ClassRun

# unit | part | organisation | addressed | other; null where unknown
# the tables whose last row adds up all the others, separated by commas
# the rows (cells:3) whose meeting did not take place, separated in the same way
CONTENT = pa.schema(
    [
        ("sha256", pa.string()),
        ("outcome", pa.string()),  # read | unreadable | unsafe
        ("reason", pa.string()),  # Vietnamese, where it was not read
        ("kind", pa.string()),  # FileKind, from the bytes
        ("macros", pa.bool_()),
        (
            "issuer",
            pa.string(),
        ),
        ("unit_code", pa.string()),
        ("unit_near", pa.string()),  # of another issuer the unit whose name is nearly that
        ("unit_text", pa.string()),
        ("unit_sheet", pa.string()),
        ("unit_cell", pa.string()),
        ("other_topic", pa.string()),
        ("other_topic_sheet", pa.string()),
        ("other_topic_cell", pa.string()),
        ("declares", pa.string()),  # correction | replacement of an earlier file; NULL: neither
        ("declares_sheet", pa.string()),
        ("declares_cell", pa.string()),
        (
            "whole_sections",
            pa.string(),
        ),
        (
            "not_held_rows",
            pa.string(),
        ),
        ("sums_confirmed", pa.string()),  # the columns and pairs that arithmetic confirms, as well
    ]
)

FACT = pa.schema(
    [
        ("sha256", pa.string()),
        ("section", pa.string()),
        ("row", pa.int32()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("raw", pa.string()),
        ("sheet", pa.string()),
        ("cell", pa.string()),
    ]
)

FINDING = pa.schema(
    [
        ("sha256", pa.string()),
        ("rule", pa.string()),
        ("section", pa.string()),
        ("row", pa.int32()),
        ("row_name", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("sheet", pa.string()),
        ("cell", pa.string()),
        ("message", pa.string()),
    ]
)

ACCOUNT = pa.schema(
    [  # what each text was understood as: sources/extraction/text_classes.py
        ("sha256", pa.string()),
        ("sheet", pa.string()),
        ("first", pa.int32()),
        ("last", pa.int32()),
        ("classes", pa.string()),
    ]
)

READING = pa.schema(
    [  # how a value was read from the picture of a page: sources/extraction/facts.py, PageReading
        ("sha256", pa.string()),
        ("sheet", pa.string()),
        ("cell", pa.string()),
        *(
            (name, pa.int32())
            for name in ("page", "left", "top", "right", "bottom", "confidence", "is_sure")
        ),
    ]
)

_logger = logging.getLogger(__name__)
Tables = dict[str, pa.Table]  # the tables of _SCHEMAS, of some contents
# content last: it counts
_SCHEMAS = {
    "fact": FACT,
    "finding": FINDING,
    "account": ACCOUNT,
    "reading": READING,
    "content": CONTENT,
}
_NEWER_TABLES = ("account", "reading")  # which sets of earlier versions lack
_READING_CODE = (
    "readers",
    "extraction",
    "declared_model.py",
    "form.py",
    "form_words.py",
    "registry.py",
    "campaign_defaults.py",
    "campaigns.py",
    "text.py",
    "grids.py",
    "name_words.py",
    "unit_names.py",
    "issuer_words.py",
    "issuers.py",
    "phrases.py",
    "symbol_fonts.py",
    "legacy_encodings.py",
    "children/reading_child.py",
    "children/answers.py",
    "reading_rules.py",
    "reading_rules.toml",
    "decisions.py",
)
_LIBRARIES = ("python-calamine", "lxml", "olefile", "charset-normalizer", "rapidfuzz")
# of extras: what they read is read again where one was added or changed
_OPTIONAL_LIBRARIES = ("msdoc2docx", "pypdfium2", "opencv-python-headless", "rapidocr", "tesserocr")


class StagedStore:
    """The staged files of one version under a home; other versions are removed, as are sets that a
    crash cut off, but where a night may be writing some (`is_only_read`)."""

    def __init__(self, home: Path, version: str, is_only_read: bool = False) -> None:
        self._folder = home / "staged" / version
        if is_only_read:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        for version_folder in self._folder.parent.iterdir():
            if version_folder != self._folder and version_folder.is_dir():
                shutil.rmtree(version_folder)
        whole = {path.name for paths in self.paths().values() for path in paths}
        for path in self._folder.iterdir():
            if path.name not in whole:
                path.unlink()

    def known(self) -> set[str]:
        """The SHA-256 of all contents that were read."""
        tables = (pq.read_table(path, columns=["sha256"]) for path in self.paths()["content"])
        return {sha256 for table in tables for sha256 in table["sha256"].to_pylist()}

    def write(self, chunk: ChunkResult) -> None:
        """Keep what was read from some contents, all of it or nothing."""
        if not chunk.contents:
            return
        self.add_tables(
            {
                "fact": _table(chunk.facts, FACT),
                "finding": _table(chunk.findings, FINDING),
                "account": _table(chunk.account, ACCOUNT),
                "reading": _table(chunk.readings, READING),
                "content": pa.Table.from_pylist(chunk.contents, CONTENT),
            }
        )

    def add_tables(self, tables: Tables) -> None:
        """Keep a set of tables as they are, such as one that was kept elsewhere."""
        write_set(self._folder, name_of_set(tables), tables)

    def remove_sets_with(self, contents: set[str]) -> None:
        """Removes the sets that hold any of these contents, with what else they hold."""
        for paths in zip(*self.paths().values(), strict=True):
            of_set = pq.read_table(paths[-1], columns=["sha256"])["sha256"].to_pylist()
            if not contents.isdisjoint(of_set):
                for path in reversed(paths):  # content first: without it the set does not count
                    path.unlink()

    def tables(self, contents: set[str]) -> Tables:
        """What was read from these contents, by table."""
        return {
            name: pa.concat_tables(
                [
                    _SCHEMAS[name].empty_table(),
                    *(
                        pq.read_table(
                            path, schema=_SCHEMAS[name], filters=[("sha256", "in", contents)]
                        )
                        for path in paths
                    ),
                ]
            )
            for name, paths in self.paths().items()
        }

    def accounts(self, contents: set[str]) -> dict[str, list[ClassRun]]:
        """What the texts of these contents were understood as, by SHA-256."""
        accounts: dict[str, list[ClassRun]] = {}
        for row in self.tables(contents)["account"].to_pylist() if contents else ():
            accounts.setdefault(row.pop("sha256"), []).append(ClassRun(**row))
        return accounts

    def paths(self) -> dict[str, list[Path]]:
        """The files of whole sets by table, each list in the same order."""
        contents = sorted(self._folder.glob("content-*.parquet"))
        return {
            name: [path.with_name(path.name.replace("content-", f"{name}-")) for path in contents]
            for name in _SCHEMAS
        }


def name_of_set(tables: Tables) -> str:
    """The name of a set: the same contents, read by the same code, are the same set."""
    return hashlib.sha256("".join(tables["content"]["sha256"].to_pylist()).encode()).hexdigest()[
        :16
    ]


def write_set(
    folder: Path, name: str, tables: Tables, after_each: Callable[[Path], None] | None = None
) -> None:
    """Writes the files of a set, the content file last; `after_each` is given each before it gets
    its name."""
    for table in _SCHEMAS:
        temporary = folder / f"{table}-{name}.tmp"
        pq.write_table(tables[table], temporary, compression="zstd")
        if after_each is not None:
            after_each(temporary)
        temporary.replace(folder / f"{table}-{name}.parquet")


def load_set(folder: Path, name: str, contents: set[str]) -> Tables:
    """The tables of a stored set for these contents, with the tables and columns of this version.

    A table that is younger than the set is empty. Raises FileNotFoundError where the set is not
    there.
    """
    tables = {}
    for table, schema in _SCHEMAS.items():
        path = folder / f"{table}-{name}.parquet"
        is_newer = table in _NEWER_TABLES and not path.exists()
        tables[table] = (
            schema.empty_table()
            if is_newer
            else with_current_schema(
                table, pq.read_table(path, filters=[("sha256", "in", contents)])
            )
        )
    return tables


def with_current_schema(table: str, stored: pa.Table) -> pa.Table:
    """A stored table with the columns of this version: missing ones are NULL, old ones are left
    out, and both are logged."""
    schema = _SCHEMAS[table]
    if stored.column_names != schema.names:
        _logger.warning(
            "%s: kept with the columns %s, written with %s",
            table,
            stored.column_names,
            schema.names,
        )
    return pa.table(
        [
            stored[field.name].cast(field.type)
            if field.name in stored.column_names
            else pa.nulls(len(stored), field.type)
            for field in schema
        ],
        schema=schema,
    )


def staged_version(campaign: Campaign) -> str:
    """Sixteen hex digits that change with what reads: the code, its libraries, the campaign's
    files."""
    digest = hashlib.sha256(campaign.reading_digest.encode() + _reader_digest())
    return digest.hexdigest()[:16]


@cache
def _reader_digest() -> bytes:
    """Of the code that reads and its libraries: asked once, for a process goes on with what it has
    imported."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}\0".encode())
    for library in _OPTIONAL_LIBRARIES:
        digest.update(f"{library} {_version_or_absent(library)}\0".encode())
    here = Path(__file__).parent
    for name in _READING_CODE:
        inside = [path for path in (here / name).rglob("*") if path.suffix in (".py", ".toml")]
        for path in sorted(inside) or [here / name]:
            digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()


def _version_or_absent(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def _table(columns_by_content: list[tuple[str, list[list[object]]]], schema: pa.Schema) -> pa.Table:
    """A table of the contents' columns, which lack the first one, the content's SHA-256; none where
    it has no rows."""
    columns_of: list[list[list[object]]] = [
        [[sha256] * len(columns[0]), *columns] for sha256, columns in columns_by_content if columns
    ]
    arrays = [
        pa.array([value for columns in columns_of for value in columns[number]], about.type)
        for number, about in enumerate(schema)
    ]
    return pa.table(arrays, schema=schema)
