"""The night on a Prefect server: a real server and worker, deployed from prefect.yaml."""

import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import AS_OF, Server
from smtp_server import PASSWORD, post_office

from flows.engine.database import copy_database
from flows.home.layout import Home
from flows.home.lock import lock_home
from flows.service.watch import Watch
from sources.campaigns import load_campaign
from sources.samples import write_samples

pytestmark = pytest.mark.long
UNITS = 3
ADDRESSES = {unit.email for unit in load_campaign().registry.units}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with post_office(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.fixture(scope="module")
def server(tmp_path_factory, office):
    server = Server(tmp_path_factory.mktemp("server"))
    server.environment |= {"TONGHOP_SMTP": office.address, "TONGHOP_SMTP_PASSWORD": PASSWORD}
    write_samples(server.inbox, load_campaign(), units=UNITS, layout="form")
    (server.folder / "prefect").mkdir()
    # else the server migrates a fresh one for a quarter of a minute
    copy_database(server.folder / "prefect")
    serving = server.start("server", "start")
    server.wait_until_up()
    server.call("work-pool", "create", "tonghop", "--type", "process")
    server.call("--no-prompt", "deploy", "--all")
    server.worker = server.start("worker", "start", "--pool", "tonghop", "--type", "process")
    yield server
    for process in (server.worker, serving):
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def test_prefect_yaml_deploys_single_night_at_half_past_ten(server):
    deployment = server.ask("/deployments/name/nightly/nightly")
    schedule = deployment["schedules"][0]["schedule"]
    assert (schedule["cron"], schedule["timezone"]) == ("30 22 * * *", "Asia/Ho_Chi_Minh")
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert deployment["work_pool_name"] == "tonghop"
    assert deployment["parameters"] == {"inbox": str(server.inbox), "home": str(server.home)}


def test_worker_runs_deployment_and_publishes_warehouse(server):
    run = server.run_deployment()
    server.wait_for(run, "COMPLETED")
    assert server.accepted() == UNITS
    assert {state for _, state in server.task_runs(run)} == {"Completed"}


def put_in_the_way(home):
    """A file where the day's folder of reports is to be, so that a night cannot publish."""
    day = home / "reports" / AS_OF[:10]
    shutil.rmtree(day, ignore_errors=True)
    day.parent.mkdir(parents=True, exist_ok=True)
    day.write_text("in the way")
    return day


def test_retried_night_resumes_where_it_failed(server):
    day = put_in_the_way(server.home)
    run = server.run_deployment()
    failed = server.wait_for(run, "FAILED")
    finished = {name for name, state in server.task_runs(run) if state == "Completed"}
    day.unlink()
    server.call("flow-run", "retry", run)
    server.wait_for(run, "COMPLETED", after=failed["run_count"])
    assert server.accepted() == UNITS
    again = server.task_runs(run)
    assert {name for name, state in again if state == "Cached"} == finished
    assert [state for name, state in again if name == "publish"] == ["Completed", "Failed"]


def test_retried_night_rebuilds_scratch_cleared_by_another(server):
    day = put_in_the_way(server.home)
    run = server.run_deployment()
    failed = server.wait_for(run, "FAILED")
    shutil.rmtree(server.home / "work" / run)
    day.unlink()
    server.call("flow-run", "retry", run)
    server.wait_for(run, "COMPLETED", after=failed["run_count"])
    assert server.accepted() == UNITS
    assert [state for name, state in server.task_runs(run) if name == "validate"] == [
        "Completed",
        "Completed",
    ]
    assert (day / "tien-do.html").is_file()


def test_server_night_and_manual_night_exclude_each_other(server):
    by_hand = [
        Path(sys.executable).with_name("tonghop"),
        "nightly",
        "--inbox",
        server.inbox,
        "--home",
        server.home,
    ]
    server.home.mkdir(exist_ok=True)
    with lock_home(server.home):
        run = server.run_deployment()
        for _ in range(300):
            if server.ask(f"/flow_runs/{run}")["state_type"] == "RUNNING":
                break
            time.sleep(0.1)
        time.sleep(3)
        assert server.ask(f"/flow_runs/{run}")["state_type"] == "RUNNING", "it waits"
        assert json.loads((server.home / "lock.json").read_text())["pid"] == os.getpid()
    holder = 0
    while not holder:
        with contextlib.suppress(OSError, ValueError):
            holder = json.loads((server.home / "lock.json").read_text())["pid"]
        assert server.ask(f"/flow_runs/{run}")["state_type"] == "RUNNING"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    answer = subprocess.run(by_hand, capture_output=True, text=True, env=environment, timeout=60)
    assert (
        answer.returncode == 1
        and f"process {holder} on {socket.gethostname()} since" in answer.stderr
    )
    server.wait_for(run, "COMPLETED")


def test_reminder_deployment_runs_a_night_and_reminds_once(server, office):
    # whom to remind, the run's own night finds out
    (server.home / "warehouse.duckdb").unlink(missing_ok=True)
    for _ in range(2):  # a run that is started again by hand reminds nobody twice
        server.wait_for(server.run_deployment("remind", as_of=None), "COMPLETED")
        reminded = [address for address, _ in office.came if address in ADDRESSES]
        assert len(reminded) == len(set(reminded)) == len(ADDRESSES) - UNITS
    assert server.accepted() == UNITS


@contextlib.contextmanager
def stopped(worker: subprocess.Popen[bytes]) -> Iterator[None]:
    """The worker sees and starts nothing until the block ends, as while a machine sleeps."""
    worker.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        worker.send_signal(signal.SIGCONT)


def plan_nights_of_the_last_minute(server: Server) -> None:
    """Four runs that were due already, as the scheduler plans them for a schedule whose moments
    have passed."""
    now = dt.datetime.now(dt.UTC)
    begin = now - dt.timedelta(minutes=1)
    rule = f"DTSTART:{begin:%Y%m%dT%H%M%S}\nRRULE:FREQ=SECONDLY;INTERVAL=2;COUNT=4"
    deployment = server.ask("/deployments/name/nightly/nightly")["id"]
    server.ask(
        f"/deployments/{deployment}/schedules", [{"schedule": {"rrule": rule, "timezone": "UTC"}}]
    )
    server.ask(
        f"/deployments/{deployment}/schedule",
        {
            "start_time": begin.replace(microsecond=0).isoformat(),
            "end_time": now.isoformat(),
            "min_runs": 4,
        },
    )


def test_only_the_newest_missed_night_is_kept(server):
    with stopped(server.worker):
        by_hand = server.run_deployment()
        plan_nights_of_the_last_minute(server)
        due = missed(server)
        assert len(due) == 4
        Watch(Home(server.home.resolve()), server.api).cancel_missed(dt.datetime.now(dt.UTC))
        for run in due[:-1]:
            cancelled = server.wait_for(run, "CANCELLED", after=-1)
            assert cancelled["run_count"] == 0
            assert "missed during a pause" in cancelled["state"]["message"]
        assert server.ask(f"/flow_runs/{by_hand}")["state_type"] == "SCHEDULED", (
            "what a person asked for is left alone"
        )
        server.ask(f"/flow_runs/{by_hand}/set_state", {"state": {"type": "CANCELLED"}})
    server.wait_for(due[-1], "COMPLETED")


def missed(server: Server) -> list[str]:
    """The runs that the scheduler planned and that are due and have not begun, oldest first."""
    now = dt.datetime.now(dt.UTC).isoformat()
    runs = server.ask(
        "/flow_runs/filter",
        {
            "flow_runs": {
                "state": {"type": {"any_": ["SCHEDULED"]}},
                "expected_start_time": {"before_": now},
            }
        },
    )
    return [
        run["id"]
        for run in sorted(runs, key=lambda run: run["expected_start_time"])
        if run["auto_scheduled"]
    ]
