"""The Prefect server that a night brings along: a process of its own, started by `flows.engine` and by nobody else.

usage: python -m flows.engine_server FD      (FD: a bound and listening socket, inherited)

It serves until it is told to stop (SIGTERM), or until the process that started it is gone: a night that was killed
leaves no server behind.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
import time


def main() -> None:
    """Serves Prefect's API on the inherited socket; exits 0 when told to stop, 3 when the database cannot be used."""
    parent = os.getppid()
    gc.disable()   # while importing: there is nothing to collect, and looking costs half a second
    import uvicorn
    from prefect.server.api.server import create_app

    listening = socket.socket(fileno=int(sys.argv[1]))
    app = create_app(ephemeral=True, final=True)
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    threading.Thread(target=_stop_when_orphaned, args=(server, parent), daemon=True).start()
    server.run(sockets=[listening])
    sys.exit(0 if server.started else 3)


def _stop_when_orphaned(server: object, parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    server.should_exit = True  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
