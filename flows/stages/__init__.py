"""What each line of the night does: functions over a `Night` that run without Prefect.

    work_folder.py        the night's scratch folder, made and removed
    collecting.py         from inboxes to landed files
    reading.py            from landed files to staged contents
    working_database.py   checks, verdicts, and the warehouse built from them
    documents.py          what people read
    publishing.py         all of it to where people look

Each reads what the one before left in the home or in the scratch folder, and returns a few counts
for the record. What people read is written into the scratch folder; only `publish` puts it where
they look. May import all of the product but `flows.nightly` and what starts it.
"""

from flows.stages.collecting import collect, may_succeed_later
from flows.stages.documents import rebuilt_without_failing_contents, write_document
from flows.stages.publishing import publish
from flows.stages.reading import list_unread, read, start_reading
from flows.stages.work_folder import clear_work, open_work
from flows.stages.working_database import arrivals_table, build, validate

__all__ = [
    "arrivals_table",
    "build",
    "clear_work",
    "collect",
    "list_unread",
    "may_succeed_later",
    "open_work",
    "publish",
    "read",
    "rebuilt_without_failing_contents",
    "start_reading",
    "validate",
    "write_document",
]
