"""Prefect servers for the tests: real processes, asked over their API, with a wait for their
runs."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from uuid import uuid4

import duckdb
import pytest

from flows.engine.api import Api
from flows.home.layout import Home
from flows.service.access import api_of, last_note

ROOT = Path(__file__).resolve().parent.parent
PREFECT, TONGHOP = (Path(sys.executable).with_name(name) for name in ("prefect", "tonghop"))
AS_OF = "2022-04-19T20:00:00+07:00"
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class Asked:
    """Whatever has a home and a server that can be asked: `api`, `folder`, `home`, `inbox`, and
    `logs` to show."""

    api: Api
    folder: Path
    home: Path
    inbox: Path

    def logs(self) -> str:
        """What the server and the worker wrote."""
        return "\n".join(path.read_text() for path in self.folder.rglob("*.log"))

    def ask(self, path: str, body: dict[str, object] | None = None) -> object:
        """The JSON answer of the server; with a body, to a POST. A busy server is asked again, as
        Prefect does."""
        for _ in range(30):
            try:
                return self.api.ask(path, body)
            except OSError as error:  # 503: it says so while its SQLite database is locked
                if isinstance(error, HTTPError) and error.code != 503:
                    raise
                time.sleep(1)
        pytest.fail(self.logs())

    def run_deployment(self, name: str = "nightly", **parameters: object) -> str:
        """The id of a new run of the deployment, which the worker picks up."""
        deployment = self.ask(f"/deployments/name/{name}/{name}")
        run = self.ask(
            f"/deployments/{deployment['id']}/create_flow_run",
            {
                "parameters": {"as_of": AS_OF, **parameters},
                "state": {"type": "SCHEDULED"},
                "idempotency_key": uuid4().hex,
            },
        )
        return run["id"]

    def wait_for(self, run: str, state: str, after: int = 0) -> dict[str, object]:
        """The flow run once it has ended in `state` for a run counted later than `after`."""
        for _ in range(900):
            now = self.ask(f"/flow_runs/{run}")
            if now["run_count"] > after and now["state_type"] in ENDED:
                assert now["state_type"] == state, self.logs()
                return now
            time.sleep(0.1)
        pytest.fail(self.logs())

    def accepted(self) -> int:
        """How many units the home's warehouse counts."""
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as con:
            return con.execute("select units_reported from campaign_summary").fetchall()[0][0]

    def task_runs(self, run: str, without_end: int = 0) -> list[tuple[str, str]]:
        """Name and state of each task run of the flow run, in order, once the server has heard of
        the end of all.

        It learns of them by events, some time after the flow's own end: it is asked until three
        looks agree.
        """
        looks: list[list[tuple[str, str]]] = []
        for _ in range(40):
            runs = self.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
            looks.append(sorted((one["name"], one["state_name"]) for one in runs))
            if (
                sum(not one["end_time"] for one in runs) <= without_end
                and looks[-3:] == [looks[-1]] * 3
            ):
                return looks[-1]
            time.sleep(1)
        pytest.fail(f"task runs without an end: {looks[-1]}")


class Server(Asked):
    """A running server: its address, the environment of whoever uses it, and where its inbox and
    home are."""

    def __init__(self, folder: Path) -> None:
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.folder, self.home, self.inbox = folder, folder / "home", folder / "inbox"
        self.api = Api(f"http://127.0.0.1:{self.port}/api")
        ours = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        self.environment = {
            **ours,
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.api.url,
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_SERVER_API_PORT": str(self.port),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "GX_ANALYTICS_ENABLED": "false",
            "TONGHOP_INBOX": str(self.inbox),
            "TONGHOP_HOME": str(self.home),
        }

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Starts a long-running command of Prefect, with its log in the folder."""
        with (self.folder / f"{command[0]}.log").open("wb") as log:
            # A shell's job in the background ignores SIGINT, and so would all that it starts: a
            # worker stops by it.
            return subprocess.Popen(
                [PREFECT, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def call(self, *command: str) -> str:
        """Runs a command of Prefect to its end, and returns its output."""
        done = subprocess.run(
            [PREFECT, *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait_until_up(self) -> None:
        for _ in range(600):
            with contextlib.suppress(OSError):
                self.api.ask("/health")
                return
            time.sleep(0.1)
        pytest.fail(self.logs())


class Service(Asked):
    """A home in service by `tonghop serve`, in an environment that would lead it astray if it
    listened to it."""

    def __init__(self, folder: Path, campaign: Path) -> None:
        self.folder, self.home, self.inbox, self.campaign = (
            folder,
            folder / "home",
            folder / "inbox",
            campaign,
        )
        self.environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "TONGHOP_"))
        }
        self.astray = {
            "PREFECT_API_URL": "http://127.0.0.1:9/api",
            "PREFECT_SERVER_API_HOST": "0.0.0.0",
            "PREFECT_API_AUTH_STRING": "who:cares",
            "PREFECT_API_DATABASE_CONNECTION_URL": "sqlite:///none",
        }

    def start(self) -> None:
        """Starts it, and returns once it says that it serves."""
        with (self.folder / "output").open("w") as output:
            self.process = subprocess.Popen(
                [
                    TONGHOP,
                    "serve",
                    "--inbox",
                    self.inbox,
                    "--home",
                    self.home,
                    "--campaign",
                    self.campaign,
                ],
                cwd=self.folder,
                env={**self.environment, **self.astray},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for _ in range(900):
            if "Đang phục vụ" in self.output():
                home = Home(self.home)
                self.api = api_of(home, last_note(home)["port"])
                return
            assert self.process.poll() is None, self.output()
            time.sleep(0.1)
        pytest.fail(self.output() + self.logs())

    def stop(self) -> int:
        """Stops it; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def output(self) -> str:
        """Its output so far."""
        return (self.folder / "output").read_text()

    def children(self) -> dict[int, str]:
        """Process and command line of all that it started, and that what it started did."""
        lines = subprocess.run(
            ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(maxsplit=2) for line in lines.splitlines()]
        ours, found = {str(self.process.pid)}, {}
        for pid, parent, command in sorted(rows, key=lambda row: int(row[0])):
            if parent in ours:
                ours.add(pid)
                found[int(pid)] = command
        return found

    def child(self, words: str) -> int:
        """The process whose command line has these words, once there is one."""
        for _ in range(600):
            if pids := [pid for pid, command in self.children().items() if words in command]:
                return pids[0]
            time.sleep(0.1)
        pytest.fail(f"no process {words}: {self.children()}\n{self.logs()}")

    def command(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """A call of `tonghop` beside it."""
        return subprocess.run(
            [TONGHOP, *map(str, arguments), "--home", self.home],
            capture_output=True,
            text=True,
            timeout=300,
            env=self.environment,
        )
