"""The Prefect worker of a service, as a process of its own: started by `flows.service.serve` and by
nobody else.

usage: python -m flows.service.worker POOL

It is Prefect's own command. It stops when it is told to (SIGINT), or when the service that started
it is gone.
"""

from __future__ import annotations

import os
import signal
import sys

from sources.children.orphans import when_orphaned


def main() -> None:
    """Runs `prefect worker start` until it is stopped; then what it still runs ends too."""
    when_orphaned(os.getppid(), lambda: os.kill(os.getpid(), signal.SIGINT))
    sys.argv = [
        "prefect",
        "worker",
        "start",
        "--pool",
        sys.argv[1],
        "--type",
        "process",
        "--name",
        sys.argv[1],
        "--install-policy",
        "never",
    ]
    from prefect.cli import app

    app()


if __name__ == "__main__":
    main()
