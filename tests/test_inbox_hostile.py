"""A hostile inbox: no entry affects another, and nothing from outside is imported."""

import datetime as dt
import os
import subprocess
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hostile_inboxes import (
    DEEP,
    SECRET,
    SWAPS,
    TERABYTE,
    YEARS,
    dated,
    deep_folder,
    fill,
    sparse,
    swap,
)
from test_landing import DAY, HOUR, collect, drop, inbox, scan

from sources.campaigns import load_campaign
from sources.channels import open_channel
from sources.channels.folder import FolderChannel
from sources.grids import RefusedFile
from sources.landing import Landing
from sources.readers import read

__all__ = ["inbox"]
SEED = 20220419
LIMITS = load_campaign().limits


@pytest.fixture
def outside(tmp_path) -> Path:
    path = tmp_path / "bí mật.txt"
    path.write_bytes(SECRET)
    os.utime(path, (0, (DAY - HOUR).timestamp()))
    return path


def originals(home: Path) -> list[bytes]:
    return [path.read_bytes() for path in (home / "landed" / "originals").glob("*/*")]


@pytest.mark.parametrize(
    ("depth", "name", "lands"),
    [(DEEP, "a", True), (DEEP, "thư mục có tên dài", False), (5000, "a", False)],
)
def test_deep_folders_do_not_affect_other_files(inbox, tmp_path, depth, name, lands):
    deep_folder(inbox, depth, name)
    drop(inbox, "thường.xlsx", b"y")
    begun = time.monotonic()
    landing, landed = collect(inbox, tmp_path / "home", dt.datetime.now(dt.UTC))
    assert len(landed.new) == 1 + lands
    assert landing.arrivals(DAY)[0].file_name == "thường.xlsx"
    assert ("too long" in " ".join(file.reason for file in scan(inbox)[1])) is not lands
    assert time.monotonic() - begun < 10
    subprocess.run(["rm", "-rf", inbox], check=True)  # which Python's own removal is too deep for


def test_terabyte_file_lands_as_a_refused_note(inbox, tmp_path):
    sparse(inbox / "phim.xlsx")
    drop(inbox, "thường.xlsx", b"y")
    os.utime(inbox / "phim.xlsx", (0, (DAY - HOUR).timestamp()))
    channel = open_channel(str(inbox), tmp_path, load_campaign(), lambda *_: False)
    for new in (2, 0):
        [delivery] = channel.deliveries(DAY)
        landed = Landing(tmp_path / "home").land(delivery.files, DAY)
        assert (len(landed.new), landed.known, landed.skipped) == (new, 2 - new, [])
    [note] = [data for data in originals(tmp_path / "home") if data != b"y"]
    assert str(TERABYTE).encode() in note
    with pytest.raises(RefusedFile, match="Tệp lớn hơn 50 MB"):
        read(note, LIMITS)


def test_growing_file_is_not_copied_past_its_seen_size(inbox, tmp_path):
    path = drop(inbox, "lớn dần.xlsx", b"x" * (3 << 20))

    class Endless:
        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None:
            os.utime(path)

        def read(self, size: int) -> bytes:
            read_bytes.append(size)
            assert sum(read_bytes) < 10 << 20
            return b"x" * size

    read_bytes: list[int] = []
    incoming = [replace(file, open=Endless) for file in scan(inbox)[0]]
    landed = Landing(tmp_path / "home").land(incoming, DAY)
    assert [file.reason for file in landed.skipped] == ["still growing"]


@pytest.fixture
def timeless(tmp_path) -> Path:
    """A folder in memory where there is one: most disks know no year past 2446."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        dir=memory if os.access(memory, os.W_OK) else tmp_path
    ) as folder:
        yield Path(folder)


@pytest.mark.parametrize("year", YEARS)
def test_file_time_in_any_year_does_not_affect_other_files(timeless, tmp_path, year):
    inbox = timeless
    drop(inbox, "thường.xlsx", b"y")
    if not dated(inbox / "lạ.xlsx", year):
        pytest.skip("the file system has no such year")
    _, left = scan(inbox)
    landing, landed = collect(inbox, tmp_path / "home")
    is_taken = 1 < year < 9999  # what the calendar of Python holds in every zone
    assert len(landed.new) == 1 + is_taken
    assert [file.file_name for file in left] == ([] if is_taken else ["lạ.xlsx"])
    assert Landing(tmp_path / "home").arrivals(DAY) == landing.arrivals(DAY)
    for arrival in landing.arrivals(DAY):
        arrival.received_at.astimezone(load_campaign().zone)


@pytest.mark.parametrize("kind", [kind for kind, _ in SWAPS])
def test_file_swapped_after_listing_does_not_land(inbox, tmp_path, outside, kind):
    drop(inbox, "BC.xlsx", SECRET.upper())
    drop(inbox, "thường.xlsx", b"y")
    incoming, _ = scan(inbox)
    (inbox / "BC.xlsx").unlink()
    dict(SWAPS)[kind](inbox / "BC.xlsx", outside)
    begun = time.monotonic()
    landed = Landing(tmp_path / "home").land(incoming, DAY)
    assert [arrival.file_name for arrival in landed.new] == ["thường.xlsx"]
    assert [file.file_name for file in landed.skipped] == ["BC.xlsx"]
    assert originals(tmp_path / "home") == [b"y"]
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("moment", ["after the look", "while it is walked"])
def test_folder_swapped_for_a_link_is_not_followed(inbox, tmp_path, outside, moment, monkeypatch):
    drop(inbox, "xã/BC.xlsx", SECRET.upper())
    elsewhere = tmp_path / "nơi khác"
    elsewhere.mkdir()
    outside.rename(elsewhere / "BC.xlsx")

    def swapped() -> None:
        (inbox / "xã").rename(tmp_path / "cũ")
        (inbox / "xã").symlink_to(elsewhere)

    if moment == "after the look":
        incoming, _ = scan(inbox)
        swapped()
    else:
        from sources.channels import folder

        below = folder.folder_below
        monkeypatch.setattr(
            folder, "folder_below", lambda root, path: (path and swapped()) or below(root, path)
        )
        incoming, left = scan(inbox)
        assert [file.file_name for file in left] == ["xã"]
    landed = Landing(tmp_path / "home").land(incoming, DAY)
    assert (landed.new, originals(tmp_path / "home")) == ([], [])


def test_link_redirected_outside_does_not_land(inbox, tmp_path, outside):
    drop(inbox, "thật.xlsx", b"y")
    (inbox / "nối.xlsx").symlink_to(inbox / "thật.xlsx")
    incoming, _ = scan(inbox)
    assert [file.file_name for file in incoming] == ["nối.xlsx", "thật.xlsx"]
    (inbox / "nối.xlsx").unlink()
    (inbox / "nối.xlsx").symlink_to(outside)
    landed = Landing(tmp_path / "home").land(incoming, DAY)
    assert SECRET not in originals(tmp_path / "home")
    assert [a.file_name for a in landed.new][-1:] == ["thật.xlsx"]


def test_random_hostile_entries_neither_lose_nor_import_files(inbox, tmp_path, outside):
    fill(inbox, 300, SEED, outside)
    good = {f"{number}.xlsx": b"good %d" % number for number in range(20)}
    for name, data in good.items():
        drop(inbox, f"xã/{name}", data)
    now, home, rng = dt.datetime.now(dt.UTC), tmp_path / "home", Random(SEED)
    channel = FolderChannel(inbox, wait=lambda _: None, max_bytes=LIMITS.file_bytes)
    incoming, left = channel.scan(now)
    swappable = [path for path in inbox.iterdir() if path.is_file() and not path.is_symlink()]
    for path in rng.sample(swappable, len(swappable) // 2):
        swap(path, rng, outside)
    landed = Landing(home).land(incoming, now)
    kept = Counter(originals(home))
    assert SECRET not in kept
    assert {data for data in kept if data.startswith(b"good")} == set(good.values())
    assert {a.file_name for a in landed.new} >= {f"xã/{name}" for name in good}
    assert len(left) > 100 and len(landed.skipped) > 20
    again = Landing(home).land(channel.scan(now)[0], now)
    assert {a.submission_id for a in again.new}.isdisjoint(a.submission_id for a in landed.new)


def test_racing_swaps_never_import_outside_files(inbox, tmp_path, outside):
    """For two seconds a file and a folder are real and links to the outside in turn, while nights
    look and land."""
    elsewhere, stop = tmp_path / "nơi khác", threading.Event()
    elsewhere.mkdir()
    (elsewhere / "BC.xlsx").write_bytes(SECRET)

    def race() -> None:
        while not stop.is_set():
            for name, link in (("BC.xlsx", outside), ("xã", elsewhere)):
                real, fake = tmp_path / f"thật {name}", tmp_path / f"giả {name}"
                fake.symlink_to(link)
                fake.replace(inbox / name) if name != "xã" else _exchange(fake, inbox / name, real)
                if name == "xã":
                    _exchange(real, inbox / name, fake)
                    fake.unlink()
                else:
                    real.write_bytes(b"real")
                    real.replace(inbox / name)

    drop(inbox, "BC.xlsx", b"real")
    drop(inbox, "xã/BC.xlsx", b"real")
    drop(inbox, "thường.xlsx", b"y")
    racer = threading.Thread(target=race)
    racer.start()
    try:
        end, landing, left = time.monotonic() + 2, Landing(tmp_path / "home"), 0
        while time.monotonic() < end:
            now = dt.datetime.now(dt.UTC) + HOUR
            left += len(
                landing.land(FolderChannel(inbox, wait=lambda _: None).scan(now)[0], now).skipped
            )
    finally:
        stop.set()
        racer.join()
    assert set(originals(tmp_path / "home")) == {b"real", b"y"}
    assert left, "no swap was met"


def _exchange(comes: Path, place: Path, goes: Path) -> None:
    """Puts `comes` into the place, what stands there to `goes`."""
    place.rename(goes)
    comes.rename(place)
