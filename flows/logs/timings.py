"""How long each stage of a night took, for `make bench` and for whoever asks where a night's time
went."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Timings:
    """Seconds by stage, in order; a stage that ran several times is summed."""

    seconds: dict[str, float] = field(default_factory=dict)
    tasks: int = 0  # how many of the blocks ran a task

    @contextlib.contextmanager
    def of(self, stage: str, task: bool = False) -> Iterator[None]:
        """Adds the time of the block to `stage`; `task`: it runs one task of Prefect."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.tasks += task
            self.add(stage, time.perf_counter() - begun)

    def add(self, stage: str, seconds: float) -> None:
        """Adds `seconds` to `stage`."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    def write(self, logs: Path, as_of: dt.datetime) -> Path:
        """Writes `timings-<as_of>.json` (seconds by stage) into `logs` and returns its path."""
        logs.mkdir(parents=True, exist_ok=True)
        path = logs / f"timings-{as_of:%Y%m%dT%H%M%S}.json"
        path.write_text(json.dumps(self._rounded(), indent=2), encoding="utf-8")
        return path

    def merge_into(self, path: Path) -> None:
        """Puts these stages before those that `path` has, such as those of a start-up before the
        flow."""
        path.write_text(
            json.dumps({**self._rounded(), **json.loads(path.read_text("utf-8"))}, indent=2),
            "utf-8",
        )

    def _rounded(self) -> dict[str, float]:
        return {stage: round(seconds, 3) for stage, seconds in self.seconds.items()}
