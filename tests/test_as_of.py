"""Any past moment can be run again: equal tables and the same files, byte for byte.

The nights of `rerun_nights.FOUR_NIGHTS` run one after another and are kept. Then each runs again:
in the same home after all that came later, and in other homes that hold only the permanent files.
"""

import datetime as dt
import os
import random
import shutil

import pytest
from rerun_nights import FOUR_NIGHTS, add_to_inbox, content, documents, run_night, write_two_samples

from flows import stages
from flows.home.layout import Home
from flows.home.places import places_of_night, warehouse_of
from flows.night import parse_night
from sources.channels.folder import FolderChannel
from sources.children import reading
from sources.landing import Landing
from warehouse.reports.documents import ANNEX, PAGE, REPORT


@pytest.fixture(scope="module")
def nights_kept(tmp_path_factory):
    """Inbox and home after the four nights, and the tables and files of each as that night gave
    them."""
    folder = tmp_path_factory.mktemp("four")
    of, kept = write_two_samples(folder), {}
    for as_of, files in FOUR_NIGHTS.items():
        add_to_inbox(files, of, folder / "inbox")
        run_night(folder / "inbox", folder / "home", as_of)
        kept[as_of] = content(folder / "home", as_of), documents(folder / "home", as_of)
    return folder, kept


@pytest.fixture
def kept_for_good(nights_kept, tmp_path):
    """A home that holds only what is kept for good, and an inbox that was emptied since."""
    home, inbox = tmp_path / "another place" / "home", tmp_path / "another place" / "inbox"
    shutil.copytree(nights_kept[0] / "home" / "landed", home / "landed")
    shutil.copyfile(nights_kept[0] / "home" / "nights.jsonl", home / "nights.jsonl")
    inbox.mkdir()
    return inbox, home


def assert_same(home, as_of, kept):
    tables, files = content(home, as_of), documents(home, as_of)
    assert [t for t in tables if tables[t] != kept[0][t]] == []
    assert files.keys() == kept[1].keys()
    assert [name for name in files if files[name] != kept[1][name]] == []


def test_prepared_nights_contain_corrections_returns_and_late_copies(nights_kept):
    nights = list(nights_kept[1].values())
    assert [len(tables["submission"]) for tables, _ in nights] == [4, 8, 11, 14]
    assert [bool(tables["submission_change"]) for tables, _ in nights] == [False, True, True, True]
    late = [
        {row[0] for row in tables["finding"] if row[1] == "received_before_seen"}
        for tables, _ in nights
    ]
    assert [len(found) for found in late] == [0, 1, 2, 3]
    statuses = [sorted(row[7] for row in tables["submission"]) for tables, _ in nights]
    assert statuses[-1].count("returned") == 2 and statuses[-1].count("duplicate") == 1
    made = (
        *(d.file_name for d in (REPORT, ANNEX, PAGE)),
        "kiem-tra/info.html",
        "feedback/07540/thu-gui-don-vi.txt",
    )
    assert [name for name in made if name not in nights[0][1]] == []
    assert all(nights[n][1][name] != nights[n + 1][1][name] for n in range(3) for name in made[:4])


@pytest.mark.parametrize("as_of", [list(FOUR_NIGHTS)[night] for night in (2, 1)])
def test_past_night_rerun_in_its_home_is_identical(nights_kept, as_of):
    folder, kept = nights_kept
    newest = list(FOUR_NIGHTS)[-1]
    run_night(folder / "inbox", folder / "home", as_of)
    assert_same(folder / "home", as_of, kept[as_of])
    assert places_of_night(Home(folder / "home"), moment(as_of)).is_newest == (as_of == newest)
    assert_same(folder / "home", newest, kept[newest])


def test_earlier_moment_of_the_newest_day_leaves_that_day_alone(nights_kept):
    folder, kept = nights_kept
    newest, earlier = list(FOUR_NIGHTS)[-1], "2022-04-19T07:00:00+07:00"
    run_night(folder / "inbox", folder / "home", earlier)
    assert_same(folder / "home", newest, kept[newest])
    names = {row[1] for row in content(folder / "home", earlier)["submission"]}
    assert "Tân Sơn nữa.xlsx" not in names and "Chũ.xlsx" in names
    assert warehouse_of(Home(folder / "home"), moment(earlier)).parent.name == "2022-04-19T070000"


def test_newest_night_removes_what_past_nights_left_in_its_folder(nights_kept, kept_for_good):
    inbox, home = kept_for_good
    first, *_, last = FOUR_NIGHTS
    for as_of in (last, first):
        run_night(inbox, home, as_of)
    live, past = home / "warehouse.duckdb", home / "reports" / first[:10] / "warehouse.duckdb"
    assert live.is_file() and past.is_file()
    live.unlink()
    run_night(inbox, home, first)
    assert live.is_file() and not past.exists() and not (past.parent / "feedback").exists()


@pytest.mark.parametrize("as_of", list(FOUR_NIGHTS)[::3])
def test_past_night_is_rebuilt_from_permanent_files_only(
    nights_kept, kept_for_good, as_of, monkeypatch
):
    inbox, home = kept_for_good
    # what was read is then staged in other files, in another order
    monkeypatch.setattr(stages.reading, "CONTENTS_PER_TASK", 3)
    monkeypatch.setattr(stages.reading, "CONTENTS_PER_STAGED_FILE", 2)
    monkeypatch.setattr(reading, "_cores", lambda: 3)
    run_night(inbox, home, as_of)
    assert_same(home, as_of, nights_kept[1][as_of])


def test_moment_between_nights_shows_what_was_received_by_then(nights_kept, kept_for_good):
    inbox, home = kept_for_good
    run_night(inbox, home, "2022-04-16T08:30:00+07:00")
    names = {row[1] for row in content(home, "2022-04-16T08:30:00+07:00")["submission"]}
    assert names == {
        "Tân Sơn.xlsx",
        "Huyện đoàn.xlsx",
        "Xa Lý lỗi.xlsx",
        "Quý Sơn.xlsx",
        "Xa Lý.docx",
        "Tân Sơn sửa.xlsx",
    }


def moment(text):
    return dt.datetime.fromisoformat(text)


HOUR = dt.timedelta(hours=1)
START = dt.datetime(2022, 4, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("seed", range(20))
def test_only_the_latest_night_can_change_in_any_arrival_order(tmp_path, seed):
    rng = random.Random(seed)
    home, seen_by_night, files = tmp_path / "home", {}, {}
    for _ in range(rng.randint(4, 12)):
        for _ in range(rng.randint(0, 3)):
            files[f"{len(files)}.xlsx"] = START + rng.randint(0, 40) * HOUR
        night = START + rng.randint(0, 40) * HOUR
        seen = look(tmp_path / "inbox", home, files, night)
        if not seen_by_night or night >= max(seen_by_night):
            assert seen == look(
                tmp_path / "inbox", tmp_path / f"new-{len(files)}-{night:%d-%H}", files, night
            )
        seen_by_night[night] = seen
        seen_by_night[max(seen_by_night)] = ids(Landing(home), max(seen_by_night))
        assert {night: ids(Landing(home), night) for night in seen_by_night} == seen_by_night


def test_latest_night_rerun_includes_new_arrivals(tmp_path):
    home, files = tmp_path / "home", {"a.xlsx": START}
    look(tmp_path / "inbox", home, files, START + HOUR)
    first = look(tmp_path / "inbox", home, files, START + 2 * HOUR)
    files["b.xlsx"] = START + HOUR
    again = look(tmp_path / "inbox", home, files, START + 2 * HOUR)
    assert again > first
    assert look(tmp_path / "inbox", home, files, START + HOUR) < again, "an earlier one has not"


def test_past_night_lists_newer_files_it_leaves_out(tmp_path, caplog):
    home, files = tmp_path / "home", {"a.xlsx": START}
    look(tmp_path / "inbox", home, files, START + 2 * HOUR)
    files["muộn.xlsx"] = START
    look(tmp_path / "inbox", tmp_path / "other", files, START)
    night = parse_night(
        str(tmp_path / "inbox"), str(home), (START + HOUR).isoformat(), None, "run", START
    )
    stages.collect(night)
    (said,) = (record.getMessage() for record in caplog.records if record.levelname == "WARNING")
    assert "09:00 ngày 10/04/2022" in said and "muộn.xlsx" in said and "a.xlsx" not in said


def look(inbox, home, files, as_of):
    """What a night as of then tells of, over an inbox of these files."""
    inbox.mkdir(exist_ok=True)
    for name, received in files.items():
        if not (inbox / name).exists():
            (inbox / name).write_text(name)
            os.utime(inbox / name, (received.timestamp(), received.timestamp()))
    landing = Landing(home)
    landing.land(FolderChannel(inbox).scan(as_of)[0], as_of)
    landing.record_night(as_of, as_of)
    return ids(landing, as_of)


def ids(landing, as_of):
    return {arrival.submission_id for arrival in landing.arrivals(as_of)}
