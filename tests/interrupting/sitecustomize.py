"""In every Python process of a night that is to be disturbed: at a chosen moment its group is
killed, or worse.

Python imports this at its start where the folder is on PYTHONPATH. `TONGHOP_AT` is "event pattern
number": an audit event ("open", "os.rename", "subprocess.Popen"), a pattern of what it is about,
and which of such events (from 0) of any one process of the night it is. Files opened to be read do
not count. Just before it `TONGHOP_DO` is run by the shell, once in a night; where that is not set
the night's process group is killed.
"""

import os
import re
import signal
import subprocess
import sys

if "TONGHOP_AT" in os.environ:
    _EVENT, _PATTERN, _NUMBER = os.environ["TONGHOP_AT"].split(" ")
    _GROUP = int(os.environ.setdefault("TONGHOP_GROUP", str(os.getpgrp())))
    _seen = 0

    def _disturb(event: str, details: tuple[object, ...]) -> None:
        global _seen
        if event != _EVENT or (
            event == "open"
            and not (
                isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            )
        ):
            return
        said = (
            " ".join(map(str, details[1]))
            if event == "subprocess.Popen"
            else str(details[event == "os.rename"])
        )
        if re.search(_PATTERN, said):
            _seen += 1
            if _seen == int(_NUMBER) + 1:
                _now()

    def _now() -> None:
        if (what := os.environ.get("TONGHOP_DO")) is None:
            os.killpg(_GROUP, signal.SIGKILL)
        elif not os.path.exists(done := os.environ["TONGHOP_DONE"]):  # noqa: PTH110 - nothing but what is there already
            os.close(os.open(done, os.O_CREAT))
            plain = {
                name: value for name, value in os.environ.items() if not name.startswith("TONGHOP_")
            }
            subprocess.run(
                ["/bin/sh", "-c", what],
                env=plain,
                check=False,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    sys.addaudithook(_disturb)
