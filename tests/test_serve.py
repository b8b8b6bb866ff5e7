"""A home in service: schedule, killed processes, restarts, and a clean stop."""

import contextlib
import datetime as dt
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.error
from pathlib import Path

import pytest
from campaign_folders import copy_campaign, set_key
from servers import AS_OF, TONGHOP, Service

from flows.engine.api import Api
from sources.campaigns import load_campaign
from sources.samples import write_samples

pytestmark = pytest.mark.long
UNITS = 3
# of the start: Prefect looks for new schedules every five seconds
PLANNED_WITHIN = dt.timedelta(seconds=8)
SEEN_WITHIN = 120  # seconds


def campaign_that_fires(folder: Path, after: dt.timedelta) -> dt.datetime:
    """Writes the built-in campaign with its nightly time so soon, into a folder; when that is."""
    shutil.rmtree(folder, ignore_errors=True)
    copy_campaign(folder)
    at = (dt.datetime.now(load_campaign().zone) + after).replace(microsecond=0)
    set_key(folder, "schedule.nightly", f'"{at:%H:%M:%S}"')
    return at


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service")
    write_samples(folder / "inbox", load_campaign(), units=UNITS, layout="form")
    service = Service(folder, folder / "campaign")
    for seconds in (20, 60, 180):  # a busy machine takes longer until it serves
        fires = campaign_that_fires(service.campaign, dt.timedelta(seconds=seconds))
        service.start()
        if dt.datetime.now(dt.UTC) + PLANNED_WITHIN < fires:
            break
        service.stop()
        shutil.rmtree(service.home)  # else the night that it missed runs as well, among the tests
    # whatever of these tests comes first meets no other night
    service.wait_for(fired(service)["id"], "COMPLETED")
    yield service
    if service.process.poll() is None:
        service.stop()


def scheduled_runs(service: Service) -> list[dict]:
    return service.ask(
        "/flow_runs/filter", {"flow_runs": {"deployment_id": {"is_null_": False}}, "limit": 50}
    )


def fired(service: Service) -> dict:
    """The first run that the schedule made, once it has begun."""
    for _ in range(600):
        if begun := [
            run for run in scheduled_runs(service) if run["auto_scheduled"] and run["start_time"]
        ]:
            return begun[-1]
        time.sleep(0.2)
    pytest.fail(f"no schedule fired: {scheduled_runs(service)}\n{service.logs()}")


def test_scheduled_night_runs_and_is_published(service):
    run = service.wait_for(fired(service)["id"], "COMPLETED")
    due, begun = (
        dt.datetime.fromisoformat(run[key]) for key in ("expected_start_time", "start_time")
    )
    assert abs(begun - due) < dt.timedelta(seconds=30)
    assert service.accepted() == UNITS
    assert {state for _, state in service.task_runs(run["id"])} == {"Completed"}


def test_service_listens_on_localhost_only(service):
    listening = subprocess.run(
        ["ss", "-Hltnp"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    pids = {service.process.pid, *service.children()}
    ours = [
        line.split()[3]
        for line in listening
        if {int(pid) for pid in re.findall(r"pid=(\d+)", line)} & pids
    ]
    assert ours, "the service listens nowhere that can be seen"
    assert all(address.startswith("127.0.0.1:") for address in ours)


def test_server_requires_credentials_from_a_private_file(service):
    with pytest.raises(urllib.error.HTTPError, match="401"):
        Api(service.api.url).ask("/flow_runs/filter", {})
    auth = service.home / "service" / "auth"
    assert auth.stat().st_mode & 0o777 == 0o600
    secret = auth.read_text().strip().split(":")[1]
    commands = [
        Path(f"/proc/{pid}/cmdline").read_bytes()
        for pid in [service.process.pid, *service.children()]
    ]
    assert not any(secret.encode() in command for command in commands)
    assert secret not in service.logs() + service.output()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(service.environment, "TONGHOP_SERVER_AUTH", "who:cares")
        answer = service.command("nightly", "--inbox", service.inbox)
    assert (answer.returncode, "TONGHOP_SERVER_AUTH" in answer.stderr) == (1, True), answer.stderr


def test_status_shows_server_worker_next_run_and_last_night(service):
    shown = service.command("status").stdout
    assert re.search(r"máy chủ có trả lời", shown)
    assert re.search(r"Bộ chạy \(worker\): báo hiệu \d+ giây trước", shown)
    at = load_campaign(service.campaign).schedule.nightly
    assert re.search(rf"Lần chạy tới \(nightly\): {at} ngày", shown), shown
    assert re.search(r"Lần chạy gần nhất: [a-z-]+, bắt đầu .*, hoàn thành", shown), shown


def test_second_service_of_a_home_names_the_holder(service):
    answer = service.command("serve", "--inbox", service.inbox)
    assert answer.returncode == 1
    assert f"process {service.process.pid} " in answer.stderr
    assert "Traceback" not in answer.stderr


def test_killed_server_and_worker_are_restarted(service):
    for which in ("engine.server", "service.worker"):
        killed = service.child(which)
        os.kill(killed, signal.SIGKILL)
        for _ in range(300):
            if killed not in service.children() and service.child(which) != killed:
                break
            time.sleep(0.1)
    service.wait_for(service.run_deployment(), "COMPLETED")


def night_by_hand(service: Service) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [TONGHOP, "nightly", "--inbox", service.inbox, "--home", service.home, "--as-of", AS_OF],
        env=service.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def at_work(service: Service, stage: str, flow_run: str = "*") -> str:
    """The flow run (or that one) that is at work on the home, once a task run of that stage is on
    record."""
    for _ in range(1200):
        for mark in (service.home / "running").glob(flow_run):
            runs = service.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [mark.name]}}})
            if any(run["name"] == stage for run in runs):
                return mark.name
        time.sleep(0.1)
    pytest.fail(service.logs())


def test_killed_manual_night_is_detected_reported_and_rerun(service):
    night = night_by_hand(service)
    run = at_work(service, "validate")
    night.kill()
    night.wait()
    begun = time.monotonic()
    crashed = service.wait_for(run, "CRASHED")
    assert time.monotonic() - begun < SEEN_WITHIN
    assert "Crashed" in notice_of(service, crashed)
    assert night_by_hand(service).wait() == 0
    assert not list((service.home / "running").iterdir())


def notice_of(service: Service, run: dict) -> str:
    """The notice of the run's failure, once it is there."""
    for _ in range(300):
        if found := list((service.home / "notices").glob(f"*{run['name']}.txt")):
            assert len(found) == 1
            return found[0].read_text()
        time.sleep(0.1)
    pytest.fail(service.logs())


RETRY_ON_THE_PAGE = {
    "state": {"type": "SCHEDULED", "name": "AwaitingRetry", "message": "Retry from the UI"},
    "force": True,
}


def test_killed_worker_night_resumes_on_retry(service):
    (service.inbox / "moi.csv").write_text("Đơn vị báo cáo,không rõ\n")  # something new to read
    run = service.run_deployment(as_of=None)
    at_work(service, "validate", run)
    os.kill(service.child("prefect.engine"), signal.SIGKILL)
    crashed = service.wait_for(run, "CRASHED")
    assert "SIGKILL" in notice_of(service, crashed)
    # the worker reports the death twice; the second report would undo a retry between them
    for _ in range(100):
        if "infrastructure exited" in service.ask(f"/flow_runs/{run}")["state"]["message"]:
            break
        time.sleep(0.1)
    service.ask(f"/flow_runs/{run}/set_state", RETRY_ON_THE_PAGE)
    service.wait_for(run, "COMPLETED", after=crashed["run_count"])
    again = service.task_runs(run, without_end=1)  # the task that was killed
    assert {name for name, state in again if state == "Cached"} == {
        "begin",
        "collect",
        "list-unread",
        "read-1",
    }
    assert ("publish", "Completed") in again


def test_stop_ends_all_processes(service):
    pids = service.children()
    assert service.stop() == 0
    assert {pid: command for pid, command in pids.items() if Path(f"/proc/{pid}").exists()} == {}
    with contextlib.closing(sqlite3.connect(service.home / "prefect" / "prefect.db")) as con:
        assert con.execute(
            "select count(*) from flow_run where state_type in ('RUNNING', 'PENDING')"
        ).fetchall() == [(0,)]
    # Two beats of a worker may meet in SQLite; Prefect logs it, and the next one is half a minute
    # away.
    errors = [
        line
        for line in service.logs().splitlines()
        if "ERROR" in line
        and "| prefect.server" in line
        and "Worker channel heartbeat persistence failed" not in line
    ]
    assert errors == []


def test_one_run_replaces_all_missed_runs_after_a_pause(service):
    if service.process.poll() is not None:
        service.start()
    with contextlib.closing(sqlite3.connect(service.home / "prefect" / "prefect.db")) as con, con:
        for _ in range(120):
            planned = con.execute(
                "select id from flow_run where auto_scheduled and state_type = 'SCHEDULED'"
                " order by expected_start_time limit 2"
            ).fetchall()
            if len(planned) == 2:
                break
            time.sleep(0.5)
        service.stop()
        # as if the pause had been three days
        for days, (run,) in zip((3, 2), planned, strict=True):
            then = (dt.datetime.now(dt.UTC) - dt.timedelta(days=days)).strftime(
                "%Y-%m-%d %H:%M:%S.%f"
            )
            con.execute(
                "update flow_run set expected_start_time = ?, next_scheduled_start_time = ? where id = ?",
                [then, then, run],
            )
            con.execute(
                "update flow_run_state set state_details = json_set(state_details, '$.scheduled_time', ?)"
                " where flow_run_id = ?",
                [f"{then}Z".replace(" ", "T"), run],
            )
    service.start()
    service.wait_for(planned[1][0], "COMPLETED")
    older = service.wait_for(planned[0][0], "CANCELLED", after=-1)
    assert "missed during a pause" in older["state"]["message"]
    assert older["run_count"] == 0
    assert service.stop() == 0


def test_server_is_set_up_again_after_database_loss(service):
    shutil.rmtree(service.home / "prefect")
    before = (service.home / "warehouse.duckdb").read_bytes()
    service.start()
    deployment = service.ask("/deployments/name/nightly/nightly")
    assert deployment["work_pool_name"] == "tonghop"
    for _ in range(200):
        if any(run["auto_scheduled"] for run in scheduled_runs(service)):
            break
        time.sleep(0.1)
    else:
        pytest.fail("nothing is scheduled")
    assert (service.home / "warehouse.duckdb").read_bytes() == before


def test_killed_service_leaves_no_processes(service):
    pids = service.children()
    service.process.kill()
    service.process.wait()
    for _ in range(200):
        if not (left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]):
            return
        time.sleep(0.1)
    pytest.fail(f"still there: {[pids[pid] for pid in left]}")
