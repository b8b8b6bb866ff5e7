"""Publishing by rename: readers in other processes neither wait nor fail."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest
from nights import night_file

from sources.campaigns import load_campaign
from warehouse import publish as publishing
from warehouse.publish import publish, publish_folder

READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print(con.execute("SELECT night FROM nights").fetchall()[0][0], flush=True)
for line in sys.stdin:
    print(con.execute("SELECT max(night) + 0 * count(*) FROM nights, range(100000)").fetchall()[0][0], flush=True)
"""


def warehouse(path: Path, night: int) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute(f"CREATE TABLE nights AS SELECT {night} AS night, range AS n FROM range(10000)")
    return path


def night_of(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute("SELECT max(night) FROM nights").fetchall()[0][0]


def reader(path: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", READER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def asked(process: subprocess.Popen) -> int:
    process.stdin.write("\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def test_open_reader_keeps_its_night_during_publish(tmp_path):
    final = warehouse(tmp_path / "warehouse.duckdb", 1)
    with reader(final) as old:
        assert int(old.stdout.readline()) == 1
        for night in (2, 3):
            new = warehouse(tmp_path / "new.duckdb", night)
            begin = time.monotonic()
            publish(new, final)
            assert time.monotonic() - begin < 5, "the publisher waited for the reader"
            assert asked(old) == 1
            with reader(final) as later:
                assert int(later.stdout.readline()) == night
                later.stdin.close()
        old.stdin.close()
    assert old.returncode == 0
    assert night_of(final) == 3


def test_publish_leaves_no_extra_files(tmp_path):
    final = warehouse(tmp_path / "warehouse.duckdb", 1)
    stale = tmp_path / "warehouse.duckdb.wal"
    stale.write_bytes(b"of the old file")
    publish(warehouse(tmp_path / "new.duckdb", 2), final)
    assert [p.name for p in tmp_path.iterdir()] == ["warehouse.duckdb"]
    assert night_of(final) == 2


def test_publish_without_new_file_keeps_old_one(tmp_path):
    final = warehouse(tmp_path / "warehouse.duckdb", 1)
    with pytest.raises(FileNotFoundError, match="build the warehouse"):
        publish(tmp_path / "new.duckdb", final)
    assert night_of(final) == 1


def folder(path: Path, night: int) -> Path:
    (path / "07540").mkdir(parents=True)
    (path / "07540" / "thư.txt").write_text(str(night))
    return path


def test_folder_exists_at_every_moment_of_publish(tmp_path):
    final, missed, stop = folder(tmp_path / "feedback", 0), [], threading.Event()

    def look() -> None:
        while not stop.is_set():
            missed.extend([] if final.exists() else [final])

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for night in range(300):
            publish_folder(folder(tmp_path / "new", night), final)
            assert (final / "07540" / "thư.txt").read_text() == str(night)
    finally:
        stop.set()
        looking.join()
    assert missed == []
    assert list(tmp_path.iterdir()) == [final]


@pytest.mark.parametrize("exchanged", [True, False])
@pytest.mark.parametrize("old", [True, False])
def test_folder_is_published_without_atomic_exchange(tmp_path, monkeypatch, exchanged, old):
    if not exchanged:
        monkeypatch.setattr(publishing, "_RENAME_EXCHANGE", 1 << 20)  # a flag that no system knows
    final = tmp_path / "feedback"
    if old:
        folder(final, 1)
        folder(tmp_path / "new.123", 0)  # that a crash left
    publish_folder(folder(tmp_path / "new", 2), final)
    assert (final / "07540" / "thư.txt").read_text() == "2"
    assert [p.name for p in tmp_path.iterdir()] == ["feedback"]


@pytest.mark.parametrize("call", range(3))
def test_publish_resumes_after_crash(tmp_path, monkeypatch, call):
    final, left = folder(tmp_path / "feedback", 1), [call]

    def crashing(do):
        def done(*arguments, **options):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return do(*arguments, **options)

        return done

    folder(tmp_path / "new", 2)
    with monkeypatch.context() as crash, pytest.raises(KeyboardInterrupt):
        for owner, name in (
            (Path, "rename"),
            (publishing, "_exchange"),
            (publishing.shutil, "rmtree"),
        ):
            crash.setattr(owner, name, crashing(getattr(owner, name)))
        publish_folder(tmp_path / "new", final)
    for _ in range(2):
        publish_folder(tmp_path / "new", final)
        assert (final / "07540" / "thư.txt").read_text() == "2"
    assert [p.name for p in tmp_path.iterdir()] == ["feedback"]


def test_published_file_has_the_format_that_every_1_x_client_opens(tmp_path):
    """Byte 12 of a DuckDB file begins its storage version, eight bytes; 64 is that of 1.0.0."""
    built = night_file(tmp_path / "night", load_campaign(), [], "2022-04-19T20:00:00+07:00")
    final = tmp_path / "warehouse.duckdb"
    publish(built, final)
    head = final.read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") == 64
    with duckdb.connect(str(final), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall() == [
            (0,)
        ]
