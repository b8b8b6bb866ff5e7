"""A child process that goes with the process that started it, however that one ended.

Else what a killed night has left running would go on writing into its scratch folder, or serving
its database, beside the next night.
"""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Has the system kill this process as soon as the thread of process `parent` that started it
    ends (Linux).

    Ends it here and now where that has happened already: between its start and this call.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
        raise OSError(
            ctypes.get_errno(), "the system does not tie a process to the one that started it"
        )
    if os.getppid() != parent:
        os._exit(1)


def when_orphaned(parent: int, end: Callable[[], None]) -> None:
    """Calls `end`, from a thread of its own, once this process's parent is no longer `parent`: it
    may end well then."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        end()

    threading.Thread(target=watch, daemon=True).start()
