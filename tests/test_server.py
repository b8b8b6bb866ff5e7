"""The night on a Prefect server of one's own: a real server and worker, deployed from prefect.yaml, run and read."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from flows.engine_database import put_database_in
from flows.lock import hold
from sources.campaigns import load_campaign
from sources.samples import write_samples

pytestmark = pytest.mark.xdist_group("nights")
ROOT = Path(__file__).resolve().parent.parent
PREFECT = Path(sys.executable).with_name("prefect")
AS_OF = "2022-04-19T20:00:00+07:00"
UNITS = 3


class Server:
    """A running server: its address, the environment of whoever uses it, and where its inbox and home are."""

    def __init__(self, folder: Path) -> None:
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.folder, self.home, self.inbox = folder, folder / "home", folder / "inbox"
        self.api = f"http://127.0.0.1:{self.port}/api"
        ours = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        self.environment = {**ours, "PREFECT_HOME": str(folder / "prefect"), "PREFECT_API_URL": self.api,
                            "PREFECT_WORKER_QUERY_SECONDS": "1",
                            "PREFECT_SERVER_API_PORT": str(self.port), "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
                            "PREFECT_SERVER_UI_ENABLED": "false", "DO_NOT_TRACK": "1", "GX_ANALYTICS_ENABLED": "false",
                            "TONGHOP_INBOX": str(self.inbox), "TONGHOP_HOME": str(self.home)}

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Starts a long-running command of Prefect, with its log in the folder."""
        with (self.folder / f"{command[0]}.log").open("wb") as log:
            return subprocess.Popen([PREFECT, *command], cwd=ROOT, env=self.environment, stdout=log,
                                    stderr=subprocess.STDOUT, start_new_session=True)

    def call(self, *command: str) -> str:
        """Runs a command of Prefect to its end, and returns what it said."""
        done = subprocess.run([PREFECT, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True,
                              timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, path: str, body: dict[str, object] | None = None) -> object:
        """The JSON answer of the server; with a body, to a POST. A busy server is asked again, as Prefect does."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.api + path, data, {"Content-Type": "application/json"})
        for _ in range(30):
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return json.loads(answer.read())
            except urllib.error.HTTPError as error:
                if error.code != 503:   # it says so while its SQLite database is locked
                    raise
                time.sleep(1)
        pytest.fail((self.folder / "server.log").read_text())

    def wait_until_up(self) -> None:
        for _ in range(600):
            with contextlib.suppress(urllib.error.URLError, OSError):
                self.ask("/health")
                return
            time.sleep(0.1)
        pytest.fail((self.folder / "server.log").read_text())

    def wait_for(self, run: str, state: str, after: int = 0) -> dict[str, object]:
        """The flow run once it has ended in `state` for a run counted later than `after`."""
        for _ in range(900):
            now = self.ask(f"/flow_runs/{run}")
            if now["run_count"] > after and now["state_type"] in ("COMPLETED", "FAILED", "CRASHED"):
                assert now["state_type"] == state, (self.folder / "worker.log").read_text()
                return now
            time.sleep(0.1)
        pytest.fail((self.folder / "worker.log").read_text())

    def task_runs(self, run: str) -> list[tuple[str, str]]:
        """Name and state of each task run of the flow run, in order, once the server has heard of the end of all.

        It learns of them by events, some time after the flow's own end: it is asked until three looks agree.
        """
        looks: list[list[tuple[str, str]]] = []
        for _ in range(40):
            runs = self.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
            looks.append(sorted((one["name"], one["state_name"]) for one in runs))
            if all(one["end_time"] for one in runs) and looks[-3:] == [looks[-1]] * 3:
                return looks[-1]
            time.sleep(1)
        pytest.fail(f"task runs without an end: {looks[-1]}")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"))
    write_samples(server.inbox, load_campaign(), units=UNITS, layout="form")
    (server.folder / "prefect").mkdir()
    put_database_in(server.folder / "prefect")   # else the server migrates a fresh one for a quarter of a minute
    serving = server.start("server", "start")
    server.wait_until_up()
    server.call("work-pool", "create", "tonghop", "--type", "process")
    server.call("--no-prompt", "deploy", "--all")
    worker = server.start("worker", "start", "--pool", "tonghop", "--type", "process")
    yield server
    for process in (worker, serving):
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def run_deployment(server: Server) -> str:
    deployment = server.ask("/deployments/name/nightly/nightly")
    run = server.ask(f"/deployments/{deployment['id']}/create_flow_run",
                     {"parameters": {"as_of": AS_OF}, "state": {"type": "SCHEDULED"}, "idempotency_key": uuid4().hex})
    return run["id"]


def accepted(server: Server) -> int:
    with duckdb.connect(str(server.home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute("select units_reported from campaign_summary").fetchall()[0][0]


def test_prefect_yaml_deploys_one_night_at_a_time_at_half_past_ten(server):
    deployment = server.ask("/deployments/name/nightly/nightly")
    schedule = deployment["schedules"][0]["schedule"]
    assert (schedule["cron"], schedule["timezone"]) == ("30 22 * * *", "Asia/Ho_Chi_Minh")
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert deployment["work_pool_name"] == "tonghop"
    assert deployment["parameters"] == {"inbox": str(server.inbox), "home": str(server.home)}


def test_a_worker_runs_the_deployment_and_the_warehouse_can_be_read(server):
    run = run_deployment(server)
    server.wait_for(run, "COMPLETED")
    assert accepted(server) == UNITS
    assert {state for _, state in server.task_runs(run)} == {"Completed"}


def test_a_failed_night_goes_on_where_it_stopped_when_it_is_retried(server):
    pages = server.home / "reports" / AS_OF[:10] / "tien-do.html"
    pages.unlink(missing_ok=True)
    (pages / "in the way").mkdir(parents=True)
    run = run_deployment(server)
    failed = server.wait_for(run, "FAILED")
    finished = {name for name, state in server.task_runs(run) if state == "Completed"}
    (pages / "in the way").rmdir()
    pages.rmdir()
    server.call("flow-run", "retry", run)
    server.wait_for(run, "COMPLETED", after=failed["run_count"])
    assert accepted(server) == UNITS
    again = server.task_runs(run)
    assert {name for name, state in again if state == "Cached"} == finished
    assert [state for name, state in again if name == "publish"] == ["Completed", "Failed"]


def test_a_retried_night_whose_scratch_another_night_has_cleared_makes_it_again(server):
    pages = server.home / "reports" / AS_OF[:10] / "tien-do.html"
    pages.unlink(missing_ok=True)
    (pages / "in the way").mkdir(parents=True)
    run = run_deployment(server)
    failed = server.wait_for(run, "FAILED")
    shutil.rmtree(server.home / "work" / run)
    shutil.rmtree(pages)
    server.call("flow-run", "retry", run)
    server.wait_for(run, "COMPLETED", after=failed["run_count"])
    assert accepted(server) == UNITS
    assert [state for name, state in server.task_runs(run) if name == "validate"] == ["Completed", "Completed"]
    assert pages.is_file()


def test_a_night_of_the_server_waits_for_one_by_hand_and_one_by_hand_is_told_of_the_servers(server):
    by_hand = [Path(sys.executable).with_name("tonghop"), "nightly", "--inbox", server.inbox, "--home", server.home]
    server.home.mkdir(exist_ok=True)
    with hold(server.home):
        run = run_deployment(server)
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
    assert answer.returncode == 1 and f"process {holder} on {socket.gethostname()} since" in answer.stderr
    server.wait_for(run, "COMPLETED")
