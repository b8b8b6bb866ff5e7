"""What a service looks after while it runs: nights that were missed, runs whose process is gone,
failures to be reported.

All of it goes through the server's interface, every few seconds and a few questions at a time, so
that a look costs nothing and "database is locked" does not come of it (as it did with an automation
on Prefect's heartbeats).
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from typing import Any

from flows.engine.api import Api
from flows.home.layout import Home
from flows.home.running import dead_marks, is_running
from flows.mailing.bulletins import notify_failure
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign

log = logging.getLogger("tonghop.service")

Run = dict[str, Any]  # a flow run, as the server describes it

MAX_RUNS_PER_LOOK = 200  # runs asked for at once: the rest is seen at the next look
MAX_START_TIME = dt.timedelta(seconds=90)  # from Pending until a process says that it is at the run
MAX_FAILURE_AGE = dt.timedelta(days=2)  # people are not notified of an older failure
MISSED_MESSAGE = (
    "Đã lỡ hẹn vì dịch vụ hoặc máy tạm ngừng; lần chạy hẹn lúc {newer} làm thay (missed during a pause: the "
    "newest run that is due does the work of all)."
)
GONE_MESSAGE = (
    "Tiến trình của lần chạy này không còn: bị ngắt, hết bộ nhớ hoặc máy khởi động lại; hãy chạy lại (its process "
    "is gone: killed, out of memory, or the machine was restarted; run it again)."
)


class Watch:
    """Looks after the runs of one home."""

    def __init__(self, home: Home, api: Api) -> None:
        self._home, self._api = home, api
        # a line per end of a run of which people were notified
        self._notified = home.notices / "told"

    def look(self, now: dt.datetime) -> None:
        """One look at everything. Raises OSError where the server does not answer, or the home
        cannot be written."""
        self.cancel_missed(now)
        self.crash_dead(now)
        self.notify_of_failures(now)

    def cancel_missed(self, now: dt.datetime) -> None:
        """Cancels scheduled runs that are due while a newer one of their deployment is too
        (PrefectHQ/prefect #15886).

        Runs that a person asked for, and such as are tried again, are left alone.
        """
        due = self._runs(state=("SCHEDULED",), expected_start_time={"before_": now.isoformat()})
        newest: dict[str, str] = {}
        for run in sorted(due, key=lambda run: run["expected_start_time"], reverse=True):
            if not run["auto_scheduled"] or run["run_count"]:
                continue
            newer = newest.setdefault(run["deployment_id"], run["expected_start_time"])
            if newer != run["expected_start_time"]:
                self._set_state(run, "CANCELLED", MISSED_MESSAGE.format(newer=newer))

    def crash_dead(self, now: dt.datetime) -> None:
        """Marks as crashed the runs of this home that the server takes for running, and that no
        process is at."""
        # Looked for first: the run of a process that dies from now on is seen by its mark next time.
        dead = dead_marks(self._home.folder)
        for run in self._runs(state=("PENDING", "RUNNING", "CANCELLING")):
            if not self._is_ours(run):
                continue
            alive = is_running(self._home.folder, run["id"])
            since = dt.datetime.fromisoformat(run["state"]["timestamp"])
            if alive is False or (alive is None and now - since > MAX_START_TIME):
                self._set_state(
                    run,
                    "CANCELLED" if run["state_type"] == "CANCELLING" else "CRASHED",
                    GONE_MESSAGE,
                )
        for mark in dead:
            mark.unlink(missing_ok=True)

    def notify_of_failures(self, now: dt.datetime) -> None:
        """Notifies people of each run of this home that failed or crashed, once for each time that it
        did."""
        seen = (
            set(self._notified.read_text(encoding="utf-8").split("\n"))
            if self._notified.exists()
            else set()
        )
        since = (now - MAX_FAILURE_AGE).isoformat()
        for run in self._runs(state=("FAILED", "CRASHED"), end_time={"after_": since}):
            end = f"{run['id']} {run['run_count']}"  # the worker reports one death twice
            if self._is_ours(run) and end not in seen:
                campaign = load_campaign(
                    Path(run["parameters"].get("campaign") or DEFAULT_CAMPAIGN)
                )
                notify_failure(
                    self._home,
                    campaign,
                    run["name"],
                    run["state_name"],
                    run["state"]["message"] or "",
                    lambda: now,
                    occasion=end,
                )
                with self._notified.open("a", encoding="utf-8") as file:
                    file.write(end + "\n")

    def _runs(self, state: tuple[str, ...], **more: Any) -> list[Run]:
        wanted = {"state": {"type": {"any_": list(state)}}, **more}
        asked = {"flow_runs": wanted, "limit": MAX_RUNS_PER_LOOK}
        runs: list[Run] = self._api.ask("/flow_runs/filter", asked)
        return runs

    def _is_ours(self, run: Run) -> bool:
        """Whether the run works on this home: another home's runs are marked in that one."""
        home = run["parameters"].get("home")
        return isinstance(home, str) and Path(home).resolve() == self._home.folder

    def _set_state(self, run: Run, state: str, why: str) -> None:
        answer = self._api.ask(
            f"/flow_runs/{run['id']}/set_state", {"state": {"type": state, "message": why}}
        )
        log.warning(
            "run %s (%s, due %s) is %s: %s",
            run["name"],
            run["state_name"],
            run["expected_start_time"],
            answer["state"]["name"] if answer["status"] == "ACCEPT" else f"not {state}: {answer}",
            why,
        )
