"""The Prefect server as a process of its own, on a socket that whoever starts it has bound.

usage: python -m flows.engine.server FD PARENT night|service      (FD: a bound and listening socket, inherited)

`night`: what one night brings along (flows.engine.start), without interface and schedules.
`service`: what `tonghop serve` keeps running, with both. It serves until it is told to stop
(SIGTERM), or until the process PARENT, which started it, is gone: a night or a service that was
killed leaves no server behind. The database does not mind.
"""

from __future__ import annotations

import gc
import socket
import sys

from sources.children.orphans import end_with, when_orphaned


def main() -> None:
    """Serves Prefect's API on the inherited socket; exits 0 when told to stop, 3 when the database
    cannot be used."""
    parent, night = int(sys.argv[2]), sys.argv[3] == "night"
    if night:
        end_with(parent)
    gc.disable()  # while importing: there is nothing to collect, and looking costs half a second
    import uvicorn
    from prefect.server.api.server import create_app

    listening = socket.socket(fileno=int(sys.argv[1]))
    app = create_app(ephemeral=night, final=True)
    gc.freeze()
    gc.enable()
    config = uvicorn.Config(
        app,
        log_level="error" if night else "warning",
        lifespan="on",
        timeout_graceful_shutdown=1 if night else 5,
    )
    server = uvicorn.Server(config)
    if not night:
        when_orphaned(parent, lambda: setattr(server, "should_exit", True))
    server.run(sockets=[listening])
    sys.exit(0 if server.started else 3)


if __name__ == "__main__":
    main()
