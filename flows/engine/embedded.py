"""A night run from the command: the engine, the imports and the flow, with the waiting laid side by
side."""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.engine.start import Engine, flush_to_engine, prefect_engine, recorded_task_runs
from flows.home.layout import Home
from flows.home.lock import lock_home
from flows.logs.night_log import NightLog, night_log
from flows.logs.timings import Timings
from flows.service.access import client_environment


@dataclass(frozen=True)
class NightResult:
    """How a night of the command went: what the flow returned, and what is wrong with the engine's
    record of it."""

    result: dict[str, Any]
    warnings: list[str]


class NightFailedError(Exception):
    """The night did not run to its end. `log` says all that is known."""

    def __init__(self, why: str, log: Path) -> None:
        super().__init__(why)
        self.log = log


def run_night(
    inbox: list[str],
    home: Home,
    as_of: str | None,
    campaign: Path | None,
    wait: float,
    notify: Callable[[str], None],
) -> NightResult:
    """Runs the flow `nightly` on the server of PREFECT_API_URL, else of the service of `home`, else
    on one of its own.

    `notify` hears for whom it waits, where another night holds the home.

    Raises HomeBusyError, EngineError, and NightFailedError for whatever stopped the flow.
    """
    started = time.perf_counter()
    with (
        lock_home(home.folder, wait, notify),
        prefect_engine(home.engine, home.logs, client_environment(home)) as engine,
    ):
        timings = Timings()
        nightly = _import_flow(timings)
        # no Exception: raised where the engine's database is read-only
        from prefect.exceptions import PrefectSignal

        with night_log(home.logs / f"night-{time.strftime('%Y%m%dT%H%M%S')}.log") as log:
            with timings.of("wait for the engine"):
                engine.wait_until_ready()
            timings.add("engine", engine.seconds or 0.0)
            timings.add("until the flow", time.perf_counter() - started)
            try:
                return _run(
                    nightly,
                    (inbox, str(home.folder), as_of, str(campaign) if campaign else None),
                    log,
                    engine,
                    timings,
                )
            except (Exception, PrefectSignal) as error:
                logging.getLogger("tonghop").exception("the night did not run")
                raise NightFailedError(f"{type(error).__name__}: {error}", log.path) from error


def _import_flow(timings: Timings) -> Any:
    """The flow, imported while the engine starts; great_expectations too, which takes longest and
    every night uses.

    One after the other: two threads that import can meet each other's half-made modules. The
    garbage collector rests meanwhile, and leaves alone for good what was imported: a half second
    less to import, a whole one less to exit. Not so our own modules, with duckdb, which complains
    at exit of what is not collected.
    """
    gc.disable()
    with timings.of("import prefect"):
        importlib.import_module("prefect.main")
    with timings.of("import great_expectations"):
        importlib.import_module("great_expectations")
    gc.freeze()
    gc.enable()
    with timings.of("import the flow"):
        return importlib.import_module("flows.nightly").nightly


def file_identity(warehouse: Path) -> tuple[int, int] | None:
    """Distinguishes a published warehouse from the one before it, which is another file; None where
    there is none."""
    return (warehouse.stat().st_ino, warehouse.stat().st_mtime_ns) if warehouse.exists() else None


def _run(
    nightly: Any, parameters: tuple[Any, ...], log: NightLog, engine: Engine, timings: Timings
) -> NightResult:
    with _client_open(engine):
        try:
            state = nightly(*parameters, return_state=True)
            result = state.result(raise_on_failure=True)
            with timings.of("wait for the record"):
                recorded = recorded_task_runs(state.state_details.flow_run_id, result["task_runs"])
        finally:
            flush_to_engine()
    warnings = list(log.errors)
    if recorded < result["task_runs"]:
        warnings.append(
            f"the engine recorded {recorded} of {result['task_runs']} task runs; see {engine.log}"
        )
    timings.merge_into(Path(result["timings"]))
    return NightResult(result, warnings)


@contextlib.contextmanager
def _client_open(engine: Engine) -> Iterator[None]:
    """One client held open around the flow, so that Prefect does not make and drop one for each
    request.

    Without heartbeats where the engine is ours: it ends with the night, and their thread is up to a
    second in ending.
    """
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    heartbeats = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None} if engine.process else {}
    with temporary_settings(heartbeats), get_client(sync_client=True):
        yield
