"""A small run of `make soak` with a fixed seed: killed nights and hostile files."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
import soak
import soak_hostile

from sources.campaigns import load_campaign
from sources.samples import write_samples

pytestmark = pytest.mark.long
SEED = 20220419


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    write_samples(folder, load_campaign())
    return folder


def test_killed_nights_end_in_the_same_warehouse(inbox, tmp_path):
    hit = soak.soak_kills(tmp_path, inbox, kills=5, seed=SEED)
    assert hit.total() - hit[soak.TOO_LATE] >= 5


def test_hundred_hostile_files_are_read_or_refused_with_a_reason(inbox, tmp_path):
    # In a process of its own: what other tests have left in this one would count as reading's.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        read = alone.submit(
            soak.soak_files, tmp_path / "fuzzed", inbox, count=100, seed=SEED
        ).result()
    print(read)
    assert all(read.outcomes[outcome] for outcome in ("read", "unreadable", "unsafe"))


def test_hostile_messages_are_opened_or_refused(tmp_path):
    outcomes = soak.soak_mail(tmp_path / "mail", count=300, seed=SEED)
    assert outcomes["opened"] > 200


@pytest.mark.parametrize(
    ("trial", "count", "outcome"),
    [
        ("entries", 500, "slipped away"),
        ("races", 100, "slipped away"),
        ("extremes", 12, "returned"),
        ("costly", 5, "read"),
        ("forged", 40, "unreadable"),
    ],
)
def test_hostile_input_does_not_affect_good_files(
    inbox, tmp_path, monkeypatch, trial, count, outcome
):
    monkeypatch.setenv("PYTHONPATH", "")  # which the trial sets
    monkeypatch.setattr(soak_hostile, "COSTLY_SECONDS", 10)
    assert soak_hostile.HOSTILE_TRIALS[trial](tmp_path / trial, inbox, count, SEED)[outcome]


def test_all_kinds_of_hostile_files_together_change_no_number(inbox, tmp_path):
    soak.soak_among_good(tmp_path, inbox, count=40, seed=SEED)
