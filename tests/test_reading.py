"""Reading in child processes: a file that fails affects no other."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from campaign_folders import copy_campaign, set_key

from flows.commands.queries import _lock_lines
from sources.campaigns import load_campaign
from sources.children.answers import NotAnAnswerError, parse_answer
from sources.children.kernel_lock import KernelLocks, kernel_locks
from sources.children.reader_pool import MAX_FILES_WITH_OWN_READER
from sources.children.reading import ReadingBudget, ReadingError, read_contents
from sources.staged import StagedStore, staged_version

EXTRACT = "extracts_for_reading:extract"


@pytest.fixture(autouse=True)
def _children_find_the_extract(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture
def campaign(tmp_path) -> Path:
    """The campaign's folder with a limit of two seconds a file."""
    folder = tmp_path / "campaign"
    copy_campaign(folder)
    limits(folder, seconds=2)
    return folder


def limits(campaign: Path, seconds: int) -> None:
    """Sets the seconds that one file may take."""
    set_key(campaign, "limits.seconds", str(seconds))


def facts_by_word(files: list[tuple[str, str]], campaign: Path) -> dict[str, str]:
    """What the one fact of each file says, by the word in the file."""
    word_of = {sha256: Path(path).read_text().split(";")[0] for sha256, path in files}
    return {
        word_of[sha256]: columns[3][0]
        for chunk in read_contents(files, campaign, extract=EXTRACT)
        for sha256, columns in chunk.facts
        if columns
    }


def contents(folder: Path, *words: str) -> list[tuple[str, str]]:
    """A csv for each word, by its SHA-256."""
    made = []
    for word in words:
        data = f"{word};1\n".encode()
        path = folder / hashlib.sha256(data).hexdigest()
        path.write_bytes(data)
        made.append((path.name, str(path)))
    return made


def outcomes(
    files: list[tuple[str, str]], campaign: Path, **options
) -> dict[str, tuple[str, str | None]]:
    """Outcome and reason by the word in the file."""
    word_of = {sha256: Path(path).read_text().split(";")[0] for sha256, path in files}
    rows = [
        row
        for chunk in read_contents(files, campaign, extract=EXTRACT, **options)
        for row in chunk.contents
    ]
    assert len(rows) == len(files)
    return {word_of[row["sha256"]]: (row["outcome"], row["reason"]) for row in rows}


def test_file_that_crashes_hangs_or_exhausts_memory_is_refused_alone(tmp_path, campaign):
    bad = {"abort": "bộ nhớ", "hang": "thời gian", "memory": "bộ nhớ", "panic": "cấu trúc lạ"}
    good = [f"tốt {number}" for number in range(20)]
    words = [*good[:10], "abort", "hang", *good[10:], "memory", "panic"]
    found = outcomes(contents(tmp_path, *words), campaign, workers=2)
    assert {word for word, (outcome, _) in found.items() if outcome == "read"} == set(good)
    assert {word for word, (outcome, _) in found.items() if outcome == "unreadable"} == set(bad)
    for word, reason in bad.items():
        assert reason in found[word][1]


def test_text_limit_refuses_long_texts_but_not_many_short_ones(tmp_path, campaign):
    found = outcomes(contents(tmp_path, "một", "long", "many"), campaign, workers=1)
    assert [word for word, (outcome, _) in found.items() if outcome != "read"] == ["long"]


def test_file_is_not_blamed_for_a_worn_out_child(tmp_path, campaign):
    # more than a few: one reader reads them all
    before = [f"tệp {n}" for n in range(MAX_FILES_WITH_OWN_READER)]
    found = outcomes(contents(tmp_path, *before, "abort when worn", "hai"), campaign, workers=1)
    assert {outcome for outcome, _ in found.values()} == {"read"}


@pytest.mark.parametrize(
    ("files", "readers"),
    [(MAX_FILES_WITH_OWN_READER, MAX_FILES_WITH_OWN_READER), (MAX_FILES_WITH_OWN_READER + 1, 1)],
)
def test_few_files_get_a_fresh_reader_each(tmp_path, campaign, files, readers):
    made = contents(tmp_path, *(f"reader {n}" for n in range(files)))
    read = read_contents(made, campaign, extract=EXTRACT, workers=1)
    assert len({columns[3][0] for chunk in read for _, columns in chunk.facts}) == readers


def test_child_cannot_write_files_and_its_prints_are_ignored(tmp_path, campaign, caplog):
    found = outcomes(contents(tmp_path, "write", "print"), campaign, workers=1)
    assert (found["write"][0], found["print"][0]) == ("unreadable", "read")
    assert "in pathlib.py" in caplog.text  # a defect is logged in one line, with its place
    assert "Traceback" not in caplog.text


def test_child_imports_no_engine_or_warehouse(tmp_path, campaign):
    [chunk] = read_contents(contents(tmp_path, "imports"), campaign, extract=EXTRACT)
    assert chunk.facts[0][1] == [["info"], [0], ["word"], [""], [""], ["csv"], ["A1"]]


@pytest.mark.parametrize("deed", ["connect", "start a process"])
def test_child_cannot_use_network_or_start_processes(tmp_path, campaign, caplog, deed):
    assert outcomes(contents(tmp_path, deed), campaign)[deed][0] == "unreadable"
    assert "may not do this" in caplog.text


def test_child_environment_has_no_passwords(tmp_path, campaign, monkeypatch):
    monkeypatch.setenv("TONGHOP_IMAP_PASSWORD", "x")
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "a:b")
    [chunk] = read_contents(contents(tmp_path, "secrets"), campaign, extract=EXTRACT)
    assert "none" in chunk.facts[0][1][3]


def test_children_that_fail_to_start_stop_the_night(tmp_path, campaign):
    with pytest.raises(ReadingError):
        list(read_contents(contents(tmp_path, "một"), campaign, extract="no_such_module:extract"))


def test_progress_is_reported_and_results_come_in_chunks(tmp_path, campaign):
    progress = []
    chunks = list(
        read_contents(
            contents(tmp_path, *"abcdefg"), campaign, progress.append, extract=EXTRACT, chunk=3
        )
    )
    assert (progress, [len(chunk.contents) for chunk in chunks]) == (
        [1, 2, 3, 4, 5, 6, 7],
        [3, 3, 1],
    )


def test_staged_reading_is_reused_only_if_complete(tmp_path, campaign):
    files = contents(tmp_path, *"abcde")
    store = StagedStore(tmp_path / "home", "v1")
    for chunk in read_contents(files, campaign, extract=EXTRACT, chunk=2):
        store.write(chunk)
    assert store.known() == {sha256 for sha256, _ in files}
    assert [len(paths) for paths in store.paths().values()] == [3] * 5
    store.paths()["content"][0].unlink()  # as a crash before the last rename leaves it
    again = StagedStore(tmp_path / "home", "v1")
    left = [path.name.split("-")[0] for path in (tmp_path / "home" / "staged" / "v1").iterdir()]
    assert sorted(left) == [
        name for name in ("account", "content", "fact", "finding", "reading") for _ in range(2)
    ]
    assert 0 < len(again.known()) < 5
    assert StagedStore(tmp_path / "home", "v2").known() == set()
    assert not (tmp_path / "home" / "staged" / "v1").exists()


def test_other_campaign_has_other_reader_version(campaign):
    assert staged_version(load_campaign(campaign)) != staged_version(load_campaign())
    assert staged_version(load_campaign()) == staged_version(load_campaign())


def test_kernel_refuses_native_code_in_a_reader(tmp_path, campaign):
    if kernel_locks().missing:
        pytest.skip(f"this kernel has no {kernel_locks().missing}: tonghop status says so")
    goal = tmp_path / "goal"
    goal.write_text("whole")
    here, us = str(goal), str(os.getpid())
    arguments = {
        "open": f"/proc/{us}/environ",
        "creat": f"{here}.new",
        "openat": here,
        "truncate": here,
        "unlink": here,
        "rename": here,
        "chmod": here,
        "symlink": here,
        "kill": us,
        "ptrace": us,
        "prlimit": us,
        "socket": "1",
        "fork": "0",
        "execv": "/bin/true",
    }
    said = facts_by_word(
        contents(tmp_path, *(f"{call};{argument}" for call, argument in arguments.items())),
        campaign,
    )
    assert said == {call: "EACCES" if call == "open" else "EPERM" for call in arguments}
    assert (goal.read_text(), sorted(p.name for p in tmp_path.glob("goal*"))) == ("whole", ["goal"])


def test_status_names_missing_kernel_locks(monkeypatch):
    assert (KernelLocks(7, True).missing, KernelLocks(0, False).missing) == (
        (),
        ("Landlock", "seccomp"),
    )
    for locks, lines in ((KernelLocks(7, True), 0), (KernelLocks(0, True), 1)):
        monkeypatch.setattr("sources.children.kernel_lock.kernel_locks", lambda locks=locks: locks)
        assert len(_lock_lines()) == lines


def test_reader_can_open_only_its_file_and_libraries(tmp_path, campaign):
    if kernel_locks().missing:
        pytest.skip("not locked by this kernel")
    said = facts_by_word(contents(tmp_path, "open;/etc/passwd"), campaign)
    assert said == {"open": "EACCES"}
    said = facts_by_word(contents(tmp_path, f"open;{json.__file__}"), campaign)
    assert said == {"open": "done"}


def test_answer_about_another_file_or_unterminated_is_rejected(tmp_path, campaign, caplog):
    files = contents(tmp_path, "tốt")
    files += contents(tmp_path, f"forge;{files[0][0]}", "flood", "trickle", "hay")
    found = outcomes(files, campaign, workers=1)
    assert {word: outcome for word, (outcome, _) in found.items()} == {
        "tốt": "read",
        "hay": "read",
        "forge": "unreadable",
        "flood": "unreadable",
        "trickle": "unreadable",
    }
    assert "thời gian" in found["trickle"][1]
    assert "answered what it was not asked" in caplog.text


ANSWER = {
    "sha256": "a",
    "outcome": "read",
    "content": {"kind": "csv", "macros": False, "unit_code": None},
    "facts": [["info"], [0], ["word"], ["1"], ["1"], ["csv"], ["A1"]],
    "findings": [],
}


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "b"},
        {"outcome": "accepted"},
        {"outcome": "unsafe"},
        {"reason": 5},
        {"reason": "\ud800"},
        {"status": "x"},
        {"content": None},
        {"content": {"kind": 5}},
        {"content": {"email": "x"}},
        {"facts": [["info"]]},
        {"facts": "x"},
        {"facts": [["info"], [2**31], ["word"], ["1"], ["1"], ["csv"], ["A1"]]},
        {"facts": [["info"], [-1], ["word"], ["1"], ["1"], ["csv"], ["A1"]]},
        {"facts": [["info"], ["0"], ["word"], ["1"], ["1"], ["csv"], ["A1"]]},
        {"facts": [["info"], [True], ["word"], ["1"], ["1"], ["csv"], ["A1"]]},
        {"facts": [["info"], [0], [None], ["1"], ["1"], ["csv"], ["A1"]]},
        {"facts": [["info"], [0], ["word"], [1], ["1"], ["csv"], ["A1"]]},
        {"facts": [["info"], [0], ["word"], [[]], ["1"], ["csv"], ["A1"]]},
        {"facts": [["info"], [0], ["word"], ["\udfff"], ["1"], ["csv"], ["A1"]]},
        {"facts": [["info"], [0], ["word"], ["\x1b[31m"], ["1"], ["csv"], ["A1"]]},
        {"reason": "\u202e"},
        {"facts": [["info"], [0, 1], ["word"], ["1"], ["1"], ["csv"], ["A1"]]},
    ],
)
def test_answer_of_wrong_shape_is_rejected(change):
    assert parse_answer(json.dumps(ANSWER).encode(), "a") == ANSWER
    with pytest.raises(NotAnAnswerError):
        parse_answer(json.dumps({**ANSWER, **change}).encode(), "a")


def test_answer_that_is_not_json_is_rejected():
    for line in (b"", b"[]", b"5", b"{", b"\xff", b"[" * 100_000):
        with pytest.raises(NotAnAnswerError):
            parse_answer(line, "a")


def test_slow_files_of_one_sender_are_postponed_beyond_its_budget(tmp_path, campaign):
    slow, quick = [f"slow {n}" for n in range(4)], [f"tốt {n}" for n in range(6)]
    files = contents(tmp_path, *slow, *quick)
    origins = {sha256: "a@x" if n < 5 else "b@x" for n, (sha256, _) in enumerate(files)}
    limits(campaign, seconds=8)
    budget = ReadingBudget(per_origin=12, per_night=100)
    order, deferred = [], []
    for chunk in read_contents(
        files, campaign, extract=EXTRACT, workers=1, chunk=1, origins=origins, budget=budget
    ):
        order += [row["sha256"] for row in chunk.contents]
        deferred += chunk.deferred
    word = {sha256: Path(path).read_text().split(";")[0] for sha256, path in files}
    # the last is of the slow files' sender
    assert [word[sha256] for sha256 in order[:6]] == [
        *quick[1:],
        quick[0],
    ]
    assert len(order) == 7
    assert len(deferred) == 10 - len(order) and all("lần sau" in reason for _, reason in deferred)
    assert set(budget.spent) == {"a@x"}


def test_long_text_is_cut_and_oversized_table_refused(tmp_path, campaign):
    rows = contents(tmp_path, "cut", "rows")
    found = {
        row["sha256"]: (row, findings)
        for chunk in read_contents(rows, campaign, extract=EXTRACT)
        for row, (_, findings) in zip(chunk.contents, chunk.findings, strict=True)
    }
    cut, (refused, _) = found[rows[0][0]], found[rows[1][0]]
    assert (cut[0]["outcome"], cut[1][0], cut[1][7]) == ("read", ["text_cut"], ["A1"])
    assert refused["outcome"] == "unreadable" and "2001 dòng" in refused["reason"]


def test_a_child_has_no_password(tmp_path, campaign, monkeypatch):
    monkeypatch.setenv("TONGHOP_IMAP_PASSWORD", "secret")
    [chunk] = read_contents(contents(tmp_path, "secrets"), campaign, extract=EXTRACT)
    assert chunk.contents[0]["outcome"] == "read"
    assert "PASSWORD" not in str(chunk.facts)
