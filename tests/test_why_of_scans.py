"""`tonghop why` of a value that was read from a scan ends in the picture of its place."""

import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from nights import night_file
from test_decisions import NIGHT
from test_scans_confirmed import CAMPAIGN, SCAN, answers

from flows.commands.page_pictures import remove_pictures
from warehouse.ask import open_warehouse, why, why_lines

Image = pytest.importorskip("PIL.Image")
ImageDraw = pytest.importorskip("PIL.ImageDraw")
SIZE = (1000, 1400)


def _scan_bytes() -> bytes:
    """A file of five white pages; on the third the box of that one count is black."""
    pages = [Image.new("L", SIZE, 255) for _ in range(5)]
    left, top = 100 * ord("F") * SIZE[0] // 10_000, 100 * 6 * SIZE[1] // 10_000
    ImageDraw.Draw(pages[2]).rectangle((left, top, left + 5, top + 7), fill=0)
    written = io.BytesIO()
    pages[0].save(written, "TIFF", save_all=True, append_images=pages[1:])
    return written.getvalue()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home of one scan, confirmed but for one count that an officer corrected, as landed."""
    folder = tmp_path_factory.mktemp("home")
    scan = replace(SCAN, content=_scan_bytes(), file="scan.tiff")
    with open_warehouse(night_file(folder / "first", CAMPAIGN, [scan], NIGHT)) as con:
        said = answers(con, corrected={("Chi bộ thôn Hai", "members_attended"): "28"})
    night_file(folder, CAMPAIGN, [scan], NIGHT, said)
    original = folder / "landed" / "originals" / scan.sha256[:2] / scan.sha256
    original.parent.mkdir(parents=True)
    original.write_bytes(scan.content)
    return folder


def asked(home: Path, *arguments: object) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("tonghop"), "why", *map(str, arguments), "--home", home],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_why_of_a_scanned_count_ends_in_the_picture_of_its_place(home):
    line = next(line for line in asked(home, "members_attended").splitlines() if "cells!F6" in line)
    found = re.search(
        r"“28” · ảnh trang 3, cán bộ đã sửa theo ảnh \(quyết định số \d+\): (.+)", line
    )
    assert found, line
    picture = Path(found[1])
    assert picture.parent == home / "reports" / "2022-04-19" / "anh-goc"
    assert picture.stat().st_mode & 0o077 == 0
    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    shown = Image.open(picture)
    assert shown.width < 20 and shown.getpixel((shown.width // 2, shown.height // 2))[0] < 40


def test_pictures_go_to_the_named_folder_only(home, tmp_path):
    asked(home, "members_total", "--pictures", tmp_path / "cut")
    assert len(list((tmp_path / "cut").iterdir())) == 3


def test_proved_count_has_no_decision(home):
    with open_warehouse(home / "warehouse.duckdb") as con:
        (part,) = why(con, "members_total").parts
    assert {(p.picture.page, p.picture.state, p.picture.decision_id) for p in part.places} == {
        (3, "proved", None)
    }


def test_number_without_scans_makes_no_folder(home, tmp_path):
    assert "ảnh trang" not in asked(home, "units_reported", "--pictures", tmp_path / "cut")
    assert not (tmp_path / "cut").exists()


def test_finding_about_a_waiting_value_shows_its_page(tmp_path):
    with open_warehouse(night_file(tmp_path / "first", CAMPAIGN, [SCAN], NIGHT)) as con:
        said = answers(con, required=True)
    path = night_file(tmp_path / "second", CAMPAIGN, [SCAN], NIGHT, said)
    text = "\n".join(why_lines(path, "findings_warnings", CAMPAIGN))
    assert text.count("ảnh trang 3, chờ cán bộ xác nhận") == 6, text


def test_pictures_that_were_not_cut_are_counted(home):
    lines = why_lines(
        home / "warehouse.duckdb",
        "members_attended",
        CAMPAIGN,
        make_pictures=lambda shown: {shown[0]: "cut.png"},
    )
    assert sum("cut.png" in line for line in lines) == 1
    assert lines[-1].startswith("… còn 2 chỗ chưa cắt ảnh")


def test_original_that_is_gone_is_said_and_its_pictures_go_with_it(home, tmp_path):
    asked(home, "members_attended")
    sha256 = hashlib.sha256(_scan_bytes()).hexdigest()
    kept = home / "reports" / "2022-04-19" / "anh-goc"
    remove_pictures(home, ["0" * 64])
    assert list(kept.iterdir())
    remove_pictures(home, [sha256])
    assert list(kept.iterdir()) == []
    original = home / "landed" / "originals" / sha256[:2] / sha256
    original.rename(tmp_path / "away")
    try:
        assert "không cắt được ảnh" in asked(home, "members_attended")
    finally:
        (tmp_path / "away").rename(original)
