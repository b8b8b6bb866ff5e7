"""The Prefect server that a night brings along: a process of its own, started by `flows.engine` and by nobody else.

usage: python -m flows.engine_server FD PARENT     (FD: a bound and listening socket, inherited)

It serves until it is told to stop (SIGTERM), or until the process PARENT, which started it, is gone: a night that was
killed leaves no server behind. Its database does not mind, and the run that it was at stays Running on its record.
"""

from __future__ import annotations

import gc
import socket
import sys

from sources.orphans import end_with


def main() -> None:
    """Serves Prefect's API on the inherited socket; exits 0 when told to stop, 3 when the database cannot be used."""
    end_with(int(sys.argv[2]))
    gc.disable()   # while importing: there is nothing to collect, and looking costs half a second
    import uvicorn
    from prefect.server.api.server import create_app

    listening = socket.socket(fileno=int(sys.argv[1]))
    app = create_app(ephemeral=True, final=True)
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    sys.exit(0 if server.started else 3)


if __name__ == "__main__":
    main()
