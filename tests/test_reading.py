"""Reading in child processes: a file may fail in any way, and fails alone."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.reading import ReadingError, read_contents
from sources.staged import StagedStore, staged_version

EXTRACT = "extracts_for_reading:extract"


@pytest.fixture(autouse=True)
def _children_find_the_extract(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture
def campaign(tmp_path) -> Path:
    """The campaign's folder with a limit of two seconds a file."""
    folder = tmp_path / "campaign"
    shutil.copytree(DEFAULT_CAMPAIGN, folder)
    toml = folder / "campaign.toml"
    declared = toml.read_text(encoding="utf-8")
    toml.write_text(re.sub(r"^seconds = \d+", "seconds = 2", declared, flags=re.M), encoding="utf-8")
    return folder


def contents(folder: Path, *words: str) -> list[tuple[str, str]]:
    """A csv for each word, by its SHA-256."""
    made = []
    for word in words:
        data = f"{word};1\n".encode()
        path = folder / hashlib.sha256(data).hexdigest()
        path.write_bytes(data)
        made.append((path.name, str(path)))
    return made


def outcomes(files: list[tuple[str, str]], campaign: Path, **options) -> dict[str, tuple[str, str | None]]:
    """Outcome and reason by the word in the file."""
    word_of = {sha256: Path(path).read_text().split(";")[0] for sha256, path in files}
    rows = [row for chunk in read_contents(files, campaign, extract=EXTRACT, **options) for row in chunk.contents]
    assert len(rows) == len(files)
    return {word_of[row["sha256"]]: (row["outcome"], row["reason"]) for row in rows}


def test_a_file_that_kills_hangs_panics_or_eats_memory_is_refused_alone(tmp_path, campaign):
    bad = {"abort": "bộ nhớ", "hang": "thời gian", "memory": "bộ nhớ", "panic": "cấu trúc lạ"}
    good = [f"tốt {number}" for number in range(20)]
    words = [*good[:10], "abort", "hang", *good[10:], "memory", "panic"]
    found = outcomes(contents(tmp_path, *words), campaign, workers=2)
    assert {word for word, (outcome, _) in found.items() if outcome == "read"} == set(good)
    assert {word for word, (outcome, _) in found.items() if outcome == "unreadable"} == set(bad)
    for word, reason in bad.items():
        assert reason in found[word][1]


def test_a_file_of_long_texts_beyond_any_report_is_refused_and_one_of_many_short_ones_is_not(tmp_path, campaign):
    found = outcomes(contents(tmp_path, "một", "long", "many"), campaign, workers=1)
    assert [word for word, (outcome, _) in found.items() if outcome != "read"] == ["long"]


def test_a_file_is_not_blamed_for_a_child_that_others_wore_out(tmp_path, campaign):
    found = outcomes(contents(tmp_path, "một", "abort when worn", "hai"), campaign, workers=1)
    assert {outcome for outcome, _ in found.values()} == {"read"}


def test_a_child_may_write_no_file_and_what_it_prints_is_no_answer(tmp_path, campaign, caplog):
    found = outcomes(contents(tmp_path, "write", "print"), campaign, workers=1)
    assert (found["write"][0], found["print"][0]) == ("unreadable", "read")
    assert "in pathlib.py" in caplog.text  # a defect is told in one line, with its place
    assert "Traceback" not in caplog.text


def test_a_child_imports_neither_engine_nor_warehouse(tmp_path, campaign):
    [chunk] = read_contents(contents(tmp_path, "imports"), campaign, extract=EXTRACT)
    assert chunk.facts[0][1] == [["info"], [0], ["word"], [""], [""], ["csv"], ["A1"]]


@pytest.mark.parametrize("deed", ["connect", "start a process"])
def test_a_child_may_neither_reach_the_network_nor_start_a_process(tmp_path, campaign, caplog, deed):
    assert outcomes(contents(tmp_path, deed), campaign)[deed][0] == "unreadable"
    assert "may not do this" in caplog.text


def test_a_child_knows_no_password_of_its_parent(tmp_path, campaign, monkeypatch):
    monkeypatch.setenv("TONGHOP_IMAP_PASSWORD", "x")
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "a:b")
    [chunk] = read_contents(contents(tmp_path, "secrets"), campaign, extract=EXTRACT)
    assert "none" in chunk.facts[0][1][3]


def test_children_that_do_not_start_stop_the_night_and_say_so(tmp_path, campaign):
    with pytest.raises(ReadingError):
        list(read_contents(contents(tmp_path, "một"), campaign, extract="no_such_module:extract"))


def test_progress_is_told_and_results_come_in_chunks(tmp_path, campaign):
    told = []
    chunks = list(read_contents(contents(tmp_path, *"abcdefg"), campaign, told.append, extract=EXTRACT, chunk=3))
    assert (told, [len(chunk.contents) for chunk in chunks]) == ([1, 2, 3, 4, 5, 6, 7], [3, 3, 1])


def test_what_was_read_is_known_the_next_night_and_counts_whole_or_not_at_all(tmp_path, campaign):
    files = contents(tmp_path, *"abcde")
    store = StagedStore(tmp_path / "home", "v1")
    for chunk in read_contents(files, campaign, extract=EXTRACT, chunk=2):
        store.write(chunk)
    assert store.known() == {sha256 for sha256, _ in files}
    assert [len(paths) for paths in store.paths().values()] == [3, 3, 3]
    store.paths()["content"][0].unlink()  # as a crash before the last rename leaves it
    again = StagedStore(tmp_path / "home", "v1")
    left = [path.name.split("-")[0] for path in (tmp_path / "home" / "staged" / "v1").iterdir()]
    assert sorted(left) == ["content"] * 2 + ["fact"] * 2 + ["finding"] * 2
    assert 0 < len(again.known()) < 5
    assert StagedStore(tmp_path / "home", "v2").known() == set()
    assert not (tmp_path / "home" / "staged" / "v1").exists()


def test_another_campaign_is_another_version(campaign):
    assert staged_version(load_campaign(campaign)) != staged_version(load_campaign())
    assert staged_version(load_campaign()) == staged_version(load_campaign())


def test_a_child_has_no_password(tmp_path, campaign, monkeypatch):
    monkeypatch.setenv("TONGHOP_IMAP_PASSWORD", "secret")
    [chunk] = read_contents(contents(tmp_path, "secrets"), campaign, extract=EXTRACT)
    assert chunk.contents[0]["outcome"] == "read"
    assert "PASSWORD" not in str(chunk.facts)
