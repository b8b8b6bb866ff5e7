"""The desk of a service, as a process of its own: started by `flows.service.serve` and by nobody
else.

usage: python -m flows.desk.process WANTED      (JSON: home, campaign, inbox, host, certificate, key, socket)
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from flows.desk.desk import Desk
from flows.desk.server import Address, serve_desk
from flows.home.layout import Home
from sources.children.orphans import when_orphaned


def main() -> None:
    """Serves the desk on the socket that was handed over, until it is told to stop or its service
    is gone."""
    os.umask(0o077)
    when_orphaned(os.getppid(), lambda: os.kill(os.getpid(), signal.SIGTERM))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    wanted = json.loads(sys.argv[1])
    paths = [Path(p) if (p := wanted[name]) else None for name in ("certificate", "key")]
    listening = socket.socket(fileno=wanted["socket"])
    address = Address(wanted["host"], listening.getsockname()[1], *paths)
    serve_desk(
        Home(Path(wanted["home"])),
        Path(wanted["campaign"]),
        wanted["inbox"],
        address,
        _log_ready,
        listening,
    )


def _log_ready(desk: Desk, address: str) -> None:
    logging.getLogger("tonghop.desk").info("the desk answers on %s", address)


if __name__ == "__main__":
    main()
