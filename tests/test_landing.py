"""Landing: the inbox is only read, and each arrival is kept permanently, once."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest

from sources.channels.folder import FolderChannel
from sources.landing import Landing
from sources.ledger import Ledger, LedgerError

DAY = dt.datetime(2022, 4, 16, 20, tzinfo=dt.timezone(dt.timedelta(hours=7)))
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def inbox(tmp_path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def drop(inbox: Path, name: str | bytes, data: bytes = b"x", at: dt.datetime = DAY - HOUR) -> Path:
    path = inbox / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def scan(inbox: Path, as_of: dt.datetime = DAY, **options):
    return FolderChannel(inbox, **options).scan(as_of)


def collect(inbox: Path, home: Path, as_of: dt.datetime = DAY):
    landing = Landing(home)
    landed = landing.land(scan(inbox, as_of)[0], as_of)
    landing.record_night(as_of, as_of)
    return landing, landed


LEFT_ALONE = [
    ("~$BC.docx", "lock"),
    (".an.xlsx", "hidden"),
    (".git/config", "hidden"),
    ("BC.xlsx.part", "downloaded"),
    ("BC.tmp", "downloaded"),
    ("BC.crdownload", "downloaded"),
    ("Thumbs.db", "system"),
]


@pytest.mark.parametrize(("name", "reason"), LEFT_ALONE)
def test_non_reports_are_skipped_and_logged(inbox, name, reason):
    drop(inbox, name)
    incoming, left = scan(inbox)
    assert (incoming, len(left)) == ([], 1)
    assert reason in left[0].reason


def test_names_are_relative_paths_and_times_are_file_times(inbox):
    moment = DAY - HOUR + dt.timedelta(microseconds=250_000)
    drop(inbox, "xã/Tân Sơn/BC.xlsx", at=moment)
    drop(inbox, b"b\xe1o c\xe1o.xlsx", at=moment)
    incoming, _ = scan(inbox)
    assert [i.file_name for i in incoming] == ["b\\xe1o c\\xe1o.xlsx", "xã/Tân Sơn/BC.xlsx"]
    assert {i.received_at for i in incoming} == {moment}


def test_file_received_after_as_of_is_not_landed(inbox):
    drop(inbox, "sớm.xlsx", at=DAY)
    drop(inbox, "muộn.xlsx", at=DAY + dt.timedelta(milliseconds=1))
    incoming, left = scan(inbox)
    assert ([i.file_name for i in incoming], left) == (["sớm.xlsx"], [])


def test_only_recent_growing_files_are_left_alone(inbox):
    growing, still = drop(inbox, "lớn dần.xlsx"), drop(inbox, "xong.xlsx")
    waited = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        growing.write_bytes(b"xx")

    old = scan(inbox, clock=lambda: still.stat().st_mtime + 60, wait=wait)
    assert ([i.file_name for i in old[0]], waited) == (["lớn dần.xlsx", "xong.xlsx"], [])
    fresh = scan(inbox, clock=lambda: still.stat().st_mtime + 1, wait=wait)
    assert ([i.file_name for i in fresh[0]], [f.reason for f in fresh[1]]) == (
        ["xong.xlsx"],
        ["still growing"],
    )


def test_links_are_followed_within_the_inbox_only(inbox, tmp_path):
    (tmp_path / "secret.txt").write_text("x")
    drop(inbox, "thật.xlsx")
    (inbox / "ra ngoài.txt").symlink_to(tmp_path / "secret.txt")
    (inbox / "bên trong.xlsx").symlink_to(inbox / "thật.xlsx")
    (inbox / "vòng").symlink_to(inbox)
    (inbox / "đứt").symlink_to(inbox / "không có")
    os.mkfifo(inbox / "ống")
    incoming, left = scan(inbox, dt.datetime.now(dt.UTC) + HOUR, wait=lambda _: None)
    assert [i.file_name for i in incoming] == ["bên trong.xlsx", "thật.xlsx"]
    assert {f.file_name for f in left} == {"ra ngoài.txt", "đứt", "ống", "vòng"}


def test_missing_inbox_is_an_error(tmp_path):
    with pytest.raises(OSError, match="không"):
        scan(tmp_path / "không có")


def test_same_file_is_same_arrival_and_renamed_file_is_new(inbox, tmp_path):
    drop(inbox, "a.xlsx", b"same")
    collect(inbox, tmp_path / "home")
    drop(inbox, "b.xlsx", b"same")
    landing, landed = collect(inbox, tmp_path / "home")
    assert ([a.file_name for a in landed.new], landed.known) == (["b.xlsx"], 1)
    arrivals = landing.arrivals(DAY)
    assert len({a.sha256 for a in arrivals}) == 1
    [(sha256, path)] = landing.contents(arrivals)
    assert Path(path).read_bytes() == b"same"
    assert list((tmp_path / "home" / "landed" / "originals" / sha256[:2]).iterdir()) == [Path(path)]


def test_arrivals_are_read_back_up_to_the_moment(inbox, tmp_path):
    drop(inbox, "b.xlsx", b"1", DAY - HOUR)
    drop(inbox, "a.xlsx", b"2", DAY)
    landing, landed = collect(inbox, tmp_path / "home")
    again = Landing(tmp_path / "home")
    assert (
        again.arrivals(DAY)
        == landing.arrivals(DAY)
        == sorted(landed.new, key=lambda a: a.received_at)
    )
    assert [a.file_name for a in again.arrivals(DAY - HOUR)] == ["b.xlsx"]


def test_late_copy_names_the_first_night_that_missed_it(inbox, tmp_path):
    home = tmp_path / "home"
    for nights in (0, 24, 48):
        collect(inbox, home, DAY + nights * HOUR)
    drop(inbox, "muộn.xlsx", at=DAY + HOUR)
    drop(inbox, "đúng lúc.xlsx", at=DAY + 50 * HOUR)
    _, landed = collect(inbox, home, DAY + 72 * HOUR)
    assert {a.file_name: a.missed_by for a in landed.new} == {
        "muộn.xlsx": DAY + 24 * HOUR,
        "đúng lúc.xlsx": None,
    }


def test_landing_order_does_not_matter(inbox, tmp_path):
    for number in range(5):
        drop(inbox, f"{number}.xlsx", b"%d" % number)
    incoming = scan(inbox)[0]
    one, other = Landing(tmp_path / "one"), Landing(tmp_path / "other")
    one.land(incoming, DAY)
    for file in reversed(incoming):
        other.land([file], DAY)
    assert one.arrivals(DAY) == other.arrivals(DAY)


def test_large_files_are_landed_in_blocks_without_mixing(inbox, tmp_path):
    big = {name: name.encode() * (1 << 20) + b"end" for name in ("ab", "cd")}
    for name, data in big.items():
        drop(inbox, name, data)
    landing, landed = collect(inbox, tmp_path / "home")
    assert {a.file_name: landing.original(a.sha256).read_bytes() for a in landed.new} == big


def test_file_that_vanishes_or_grows_during_landing_is_left_alone(inbox, tmp_path):
    gone, grown = drop(inbox, "mất.xlsx"), drop(inbox, "lớn.xlsx")
    incoming, _ = scan(inbox)
    gone.unlink()
    grown.write_bytes(b"more")
    landed = Landing(tmp_path / "home").land(incoming, DAY)
    assert (landed.new, {f.file_name for f in landed.skipped}) == ([], {"mất.xlsx", "lớn.xlsx"})


def test_inbox_is_unchanged(inbox, tmp_path):
    drop(inbox, "a/b.xlsx")
    before = [(path, path.stat().st_mtime_ns) for path in sorted(inbox.rglob("*"))]
    (inbox / "a").chmod(0o555)
    collect(inbox, tmp_path / "home")
    assert [(path, path.stat().st_mtime_ns) for path in sorted(inbox.rglob("*"))] == before


def test_crash_within_a_line_loses_only_that_line(inbox, tmp_path):
    home = tmp_path / "home"
    drop(inbox, "a.xlsx", b"1")
    collect(inbox, home)
    ledger = home / "landed" / "arrivals.jsonl"
    whole = ledger.read_bytes()
    drop(inbox, "b.xlsx", b"2")
    for torn in (b'{"submission_id": "', b"\0" * 40):
        ledger.write_bytes(whole + torn)
        landing, landed = collect(inbox, home)
        assert [a.file_name for a in landed.new] == ["b.xlsx"]
        assert len(landing.arrivals(DAY)) == len(Landing(home).arrivals(DAY)) == 2
        assert ledger.read_bytes().startswith(whole)


def test_damaged_line_stops_the_night_with_line_number(tmp_path):
    path = tmp_path / "ledger.jsonl"
    Ledger(path).append([{"a": 1}, {"a": 2}])
    path.write_bytes(path.read_bytes().replace(b'{"a": 1}', b'{"a": 1'))
    with pytest.raises(LedgerError, match="line 1"):
        list(Ledger(path).records())


def test_partial_copies_are_removed_by_next_night_only(inbox, tmp_path):
    drop(inbox, "a.xlsx", b"1")
    landing, landed = collect(inbox, tmp_path / "home")
    stale = landing.original(landed.new[0].sha256).parent / ".incoming-x"
    stale.write_bytes(b"half")
    Landing(tmp_path / "home").nights()
    assert stale.exists(), "it may be the copy that a running night is writing"
    collect(inbox, tmp_path / "home")
    assert not stale.exists()


def test_arrival_record_has_the_sender(inbox, tmp_path):
    drop(inbox, "a.xlsx")
    incoming = [
        replace(file, sender="chu@lucngan.example", channel="mailbox") for file in scan(inbox)[0]
    ]
    Landing(tmp_path / "home").land(incoming, DAY)
    [arrival] = Landing(tmp_path / "home").arrivals(DAY)
    assert (arrival.sender, arrival.channel) == ("chu@lucngan.example", "mailbox")


@pytest.mark.parametrize("is_trusted", [True, False])
def test_arrival_record_has_the_trust_of_its_channel(inbox, tmp_path, is_trusted):
    drop(inbox, "a.xlsx")
    incoming = [replace(file, is_trusted=is_trusted) for file in scan(inbox)[0]]
    Landing(tmp_path / "home").land(incoming, DAY)
    [arrival] = Landing(tmp_path / "home").arrivals(DAY)
    assert arrival.is_trusted is is_trusted


@pytest.mark.parametrize(("channel", "is_trusted"), [("folder", True), ("mailbox", False)])
def test_arrival_record_of_an_older_version_has_the_trust_of_its_channel(
    inbox, tmp_path, channel, is_trusted
):
    drop(inbox, "a.xlsx")
    collect(inbox, tmp_path / "home")
    [ledger] = (tmp_path / "home" / "landed").glob("arrivals*.jsonl")
    [record] = Ledger(ledger).records()
    del record["is_trusted"]
    ledger.unlink()
    Ledger(ledger).append([record | {"channel": channel}])
    [arrival] = Landing(tmp_path / "home").arrivals(DAY)
    assert arrival.is_trusted is is_trusted


@pytest.mark.parametrize(
    ("sender", "kept"),
    [
        ('"Nguyễn Văn A" <a@example.vn>', "a@example.vn"),
        ("a@example.vn", "a@example.vn"),
        ("Nguyễn Văn A", None),
        (None, None),
        ("=?utf-8?q?Nguy=E1=BB=85n?= <a@b.vn>", "a@b.vn"),
        ('"a@x.vn" <b@y.vn>', "b@y.vn"),
    ],
)
def test_sender_is_kept_as_address_without_display_name(inbox, tmp_path, sender, kept):
    drop(inbox, "BC.xlsx")
    Landing(tmp_path).land([replace(file, sender=sender) for file in scan(inbox)[0]], DAY)
    assert [a.sender for a in Landing(tmp_path).arrivals(DAY)] == [kept]
    assert "Nguyễn" not in (tmp_path / "landed" / "arrivals.jsonl").read_text(encoding="utf-8")
