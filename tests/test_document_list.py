"""A document is one module and one entry in the list of documents: all else follows."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.logs.progress import STAGES
from warehouse.published_folder import RECORD
from warehouse.reports.documents import DOCUMENTS, WrittenIn, document_named

pytestmark = pytest.mark.long
TONGHOP = Path(sys.executable).with_name("tonghop")
AS_OF = "2022-04-19T20:00:00+07:00"
MODULES = {
    "added_documents.py": """
import os


def write_list(con, campaign, as_of, target):
    (count,) = con.execute("select count(*) from submission where status = 'accepted'").fetchone()
    target.write_text(f"{campaign.document.subject}; {count} files; {as_of:%H:%M}; {os.getpid()}")


def write_nothing(con, campaign, as_of, target):
    target.write_text("half of it")
    raise ValueError("this document cannot be written")
""",
    # Python runs it at the start of each process of the night, the writer's too
    "sitecustomize.py": """
from warehouse.reports import documents
from warehouse.reports.documents import Document, WrittenIn

documents.DOCUMENTS += (
    Document("list", "added_documents:write_list", "danh-sach.txt", "Danh sách", "Viết danh sách", WrittenIn.WRITER),
    Document("own", "added_documents:write_list", "so-tay.txt", "Sổ tay", "Viết sổ tay"),
    FAILING
)
""",
}
FAILING = 'Document("{0}", "added_documents:write_nothing", "{0}.txt", "Hỏng {0}", "Viết hỏng", WrittenIn.{0}),'


def night_with(
    folder: Path, inbox: Path, failing: tuple[WrittenIn, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """A night by the real command, where the list of documents has two more, and failing ones."""
    folder.mkdir()
    entries = "".join(FAILING.format(where.name) for where in failing)
    for name, text in MODULES.items():
        (folder / name).write_text(text.replace("FAILING", entries), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.run(
        [TONGHOP, "nightly", "--inbox", inbox, "--home", folder / "home", "--as-of", AS_OF],
        env=environment | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def accepted(home: Path) -> int:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        query = "select count(*) from submission where status = 'accepted'"
        return con.execute(query).fetchone()[0]


def test_added_documents_are_written_published_and_listed(inbox, tmp_path):
    answer = night_with(tmp_path / "night", inbox)
    assert answer.returncode == 0, answer.stderr
    home = tmp_path / "night" / "home"
    reports = home / "reports" / AS_OF[:10]
    texts = [(reports / name).read_text().split("; ") for name in ("danh-sach.txt", "so-tay.txt")]
    assert [text[1:3] for text in texts] == [[f"{accepted(home)} files", "20:00"]] * 2
    assert texts[0][3] != texts[1][3], "one is written by the writer, the other by the night"
    assert answer.stdout.splitlines()[-2:] == [
        f"Danh sách: {reports / 'danh-sach.txt'}",
        f"Sổ tay: {reports / 'so-tay.txt'}",
    ]
    assert "Viết danh sách … 1/1" in answer.stderr and "Viết sổ tay … 1/1" in answer.stderr


def test_added_documents_that_fail_leave_the_others(inbox, tmp_path):
    night = tmp_path / "night"
    answer = night_with(night, inbox, failing=tuple(WrittenIn))
    assert answer.returncode == 1
    for where in WrittenIn:
        assert f"{where.name}: " in answer.stderr
    assert answer.stderr.count("this document cannot be written") == len(WrittenIn)
    reports = night / "home" / "reports" / AS_OF[:10]
    written = {path.name for path in reports.iterdir()} - {"kiem-tra", RECORD}
    every_night = {d.file_name for d in DOCUMENTS if not d.is_folder and not d.notice}
    expected = every_night | {"danh-sach.txt", "so-tay.txt"}
    assert written == expected
    assert (night / "home" / "feedback").is_dir() and accepted(night / "home") > 20
    assert not (night / "home" / "staged" / "quarantine.json").exists(), "no file is blamed"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_entry_names_a_function_and_is_shown_by_its_words(document):
    assert document.load().__module__.startswith(document.module)
    assert document_named(document.name) is document
    assert STAGES[document.name] == document.progress


def test_documents_share_no_name_and_no_place():
    for key in ("name", "file_name", "label", "progress"):
        values = [getattr(document, key) for document in DOCUMENTS]
        assert len(set(values)) == len(values), key
