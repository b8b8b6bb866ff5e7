"""A child process that notices when whoever started it is gone, and ends: nothing is left behind by a kill."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable


def when_orphaned(parent: int, end: Callable[[], None]) -> None:
    """Calls `end`, from a thread of its own, once this process's parent is another than `parent`, its first one."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        end()

    threading.Thread(target=watch, daemon=True).start()
