"""The process that writes the report beside the night: its answers and its end."""

import datetime as dt
import subprocess

import pytest

from flows import stages
from flows.night import parse_night
from flows.writing.writer import Writer, WritingError


@pytest.fixture
def night(tmp_path):
    (tmp_path / "inbox").mkdir()
    made = parse_night(
        str(tmp_path / "inbox"),
        str(tmp_path / "home"),
        "2022-04-19T20:00:00+07:00",
        None,
        "run",
        dt.datetime(2022, 4, 19, 13, tzinfo=dt.UTC),
    )
    stages.open_work(made)
    return made


def test_writer_produces_the_same_report_as_the_stage(night):
    stages.validate(night)
    stages.build(night)
    here = night.work / "here.docx"
    (night.work / stages.write_document(night, "report")).rename(here)
    with Writer() as writer:
        written = writer.write("report", night)
    assert (night.work / written).read_bytes() == here.read_bytes()


def test_writer_failure_keeps_message_and_traceback(night):
    with Writer() as writer:
        for _ in range(2):  # and the writer goes on
            with pytest.raises(WritingError, match=r"IOException.*warehouse\.duckdb") as failure:
                writer.write("report", night)
    assert "Traceback" in failure.value.__notes__[0]


def test_dead_writer_is_reported(night):
    with Writer() as writer:
        writer.start()
        writer._child.process.kill()
        writer._child.process.wait()
        with pytest.raises(WritingError, match="has ended"):
            writer.write("report", night)


def test_writer_ends_with_its_block(night):
    with Writer() as writer:
        writer.start()
        child = writer._child.process
    assert isinstance(child, subprocess.Popen)
    assert child.returncode is not None
