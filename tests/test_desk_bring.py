"""Bringing files to the desk: each is on the disk before it is acknowledged, whatever happens next."""

import datetime as dt
import hashlib
import io
import itertools
import re
import signal
import subprocess
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from desks import RunningDesk, submission_of
from servers import TONGHOP

from sources.campaigns import load_campaign
from sources.decisions import DecisionLog
from sources.landing import Landing
from sources.samples import write_samples

pytestmark = pytest.mark.long
UPLOADS = 50


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Reports as the form has them, by name."""
    folder = tmp_path_factory.mktemp("reports")
    write_samples(folder, load_campaign(), units=35, layout="form")
    made = {p.name: p.read_bytes() for p in sorted(folder.glob("*.xlsx"))}
    assert made
    names = itertools.cycle(made)
    return {f"{n} {name}": made[name] for n, name in zip(range(UPLOADS), names, strict=False)}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    home = tmp_path_factory.mktemp("desk") / "home"
    desk = RunningDesk(home)
    desk.enter()
    yield desk
    desk.stop()


def landed(home):
    return {arrival.submission_id: arrival for arrival in Landing(home).known()}


def test_brought_file_is_judged_with_unit_and_wrong_cells(desk, reports):
    name, content = next(iter(reports.items()))
    brought = submission_of(desk.bring(name, content))
    assert "Được tổng hợp" in desk.line(brought)
    page = desk.client.get(f"/tep/{brought}").text
    # a mark, as it was understood beside what the file says, with its cell
    assert re.search(r"<td>Có</td><td>x</td><td><a href=[^>]*>[^<]+</a></td>", page)
    again = desk.line(submission_of(desk.bring(f"lại {name}", content)))
    assert "Gửi trùng" in again


def test_file_is_judged_alike_before_and_after_a_night_has_counted_its_unit(tmp_path, reports):
    (name, content), *_ = reports.items()
    home = tmp_path / "home"
    desk = RunningDesk(home)
    try:
        desk.enter()
        first = submission_of(desk.bring("không có gì.txt", b"x"))
        before = desk.line(submission_of(desk.bring(name, content)))
        assert "Được tổng hợp" in before and "Từ chối" in desk.line(first)
        night = [TONGHOP, "nightly", "--inbox", "desk://", "--home", home]
        assert subprocess.run(night, capture_output=True).returncode == 0
        later = submission_of(desk.bring(f"sau {name}", content + b"\0"))
        after = desk.line(later)
        notes = re.compile(r"(\d+) lưu ý|Không có sai sót")
        assert notes.search(after) and notes.search(after).group() == notes.search(before).group()

        now = dt.datetime.now(dt.UTC)
        DecisionLog(home).add("withdraw", "canbo", "Gửi nhầm", now, now, submission_id=later)
        assert "Được tổng hợp" not in desk.line(later), "a verdict from before a decision"
    finally:
        desk.stop()


def test_part_of_another_unit_in_an_archive_is_named_on_its_line(desk, reports):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        for number, content in enumerate(list(reports.values())[:2]):
            package.writestr(f"{number}.xlsx", content)
    line = desk.line(submission_of(desk.bring("hai xã.zip", archive.getvalue())))
    assert "không phải đơn vị báo cáo, nên không được tính" in line


def test_no_upload_is_lost_while_a_night_runs(desk, reports):
    night = subprocess.Popen(
        [TONGHOP, "nightly", "--inbox", "desk://", "--home", desk.home],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    key = desk.form_key()
    with ThreadPoolExecutor(UPLOADS) as pool:
        answers = list(
            pool.map(lambda item: desk.bring(f"song song/{item[0]}", item[1], key), reports.items())
        )
    assert [a.status_code for a in answers] == [200] * len(reports)
    kept = landed(desk.home)
    for answer, (name, content) in zip(answers, reports.items(), strict=True):
        arrival = kept[submission_of(answer)]
        assert arrival.file_name == f"song song/{name}"
        assert arrival.sha256 == hashlib.sha256(content).hexdigest()
        assert Landing(desk.home).original(arrival.sha256).read_bytes() == content
    assert night.wait(timeout=300) == 0, night.stderr.read()


def test_acknowledged_files_survive_a_kill_in_the_middle_of_an_upload(tmp_path, reports):
    desk = RunningDesk(tmp_path / "home")
    desk.enter()
    key = desk.form_key()
    acknowledged, begun = [], threading.Event()

    def bring_all():
        for name, content in reports.items():
            try:
                acknowledged.append(submission_of(desk.bring(name, content, key)))
            except httpx.HTTPError:
                return
            if len(acknowledged) == 5:
                begun.set()

    uploading = threading.Thread(target=bring_all)
    uploading.start()
    assert begun.wait(60)
    assert desk.stop(signal.SIGKILL) == -signal.SIGKILL
    uploading.join()
    assert set(acknowledged) <= set(landed(desk.home))
    again = RunningDesk(desk.home)
    client = again.enter()
    page = client.get("/tep").text
    assert all(submission in page for submission in acknowledged)
    assert not list((desk.home / "desk").glob("arriving-*"))
    again.stop()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd", "etc/passwd"),
        ("C:\\Users\\canbo\\BC.xlsx", "Users/canbo/BC.xlsx"),
        ("/etc/shadow", "etc/shadow"),
        ("..", "tep-khong-ten"),
        ("", "tep-khong-ten"),
        ("a\0b\n.xlsx", "a\\x00b\\x0a.xlsx"),
        ("<script>alert(1)</script>.docx", "<script>alert(1)<"),
        ("x" * 5000 + ".xlsx", "x" * 195 + ".xlsx"),
    ],
)
def test_hostile_name_leads_nowhere_and_is_shown_as_text(desk, name, kept):
    answer = desk.bring(name, f"nội dung của {name}".encode())
    assert answer.status_code == 200, answer.text
    assert landed(desk.home)[submission_of(answer)].file_name.startswith(kept[:150])
    assert "<script>alert" not in answer.text
    assert not list(desk.home.parent.glob("etc"))


def test_zip_bomb_is_refused_with_a_reason_and_kept(desk):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("BC.xlsx", b"\0" * (200 << 20))
    submission = submission_of(desk.bring("bom.zip", held.getvalue()))
    assert "Từ chối" in desk.line(submission)
    assert submission in landed(desk.home)


def test_empty_and_oversized_files_are_refused(desk, tmp_path):
    empty = desk.bring("rỗng.xlsx", b"")
    assert (empty.status_code, "rỗng" in empty.text) == (422, True)
    limit = 2 * load_campaign().limits.file_bytes
    headers = {"x-form-key": desk.form_key()}
    large = desk.client.post(
        "/tep/moi",
        params={"ten": "to.bin"},
        content=(b"\0" * (1 << 20) for _ in range((limit >> 20) + 1)),
        headers=headers,
    )
    assert large.status_code == 413
    assert "to.bin: tệp lớn quá" in large.text
    for litter in ("~$BC Xã Nam Dương.docx", "thư mục/Thumbs.db", ".DS_Store"):
        answer = desk.bring(litter, b"x")
        assert (answer.status_code, "không phải báo cáo" in answer.text) == (422, True)
    assert "to.bin" not in {a.file_name for a in landed(desk.home).values()}


def test_form_without_script_brings_files(desk, reports):
    name, content = list(reports.items())[1]
    answer = desk.client.post(
        "/tep",
        data={"form_key": desk.form_key()},
        files=[("tep", (f"không script {name}", content)), ("tep", ("rỗng.txt", b""))],
    )
    assert answer.status_code == 200
    assert "Đã nhận 1 tệp." in answer.text
    assert "tệp rỗng" in answer.text
    assert f"không script {name}" in {a.file_name for a in landed(desk.home).values()}
