"""What was read from contents, kept as Parquet so that a repeat night need not read them again.

A batch of contents is one folder-less set of three files under `staged/<version>/`; `<version>` is a digest of the
readers' version and of the campaign's files, so a change of either reads everything anew. All of it may be deleted at
any time. Written to a temporary name, then renamed: a file that is there is whole.
"""

from __future__ import annotations

import pyarrow as pa

CONTENT = pa.schema([
    ("sha256", pa.string()),
    ("outcome", pa.string()),          # read | unreadable | unsafe
    ("reason", pa.string()),           # Vietnamese, where it was not read
    ("kind", pa.string()),             # FileKind, as told from the bytes
    ("macros", pa.bool_()),
    ("unit_code", pa.string()),
    ("unit_text", pa.string()),
    ("unit_sheet", pa.string()),
    ("unit_cell", pa.string()),
    ("other_topic", pa.string()),
    ("other_topic_sheet", pa.string()),
    ("other_topic_cell", pa.string()),
])

FACT = pa.schema([
    ("sha256", pa.string()),
    ("section", pa.string()),
    ("row", pa.int32()),
    ("field", pa.string()),
    ("value", pa.string()),
    ("raw", pa.string()),
    ("sheet", pa.string()),
    ("cell", pa.string()),
])

FINDING = pa.schema([
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
])
