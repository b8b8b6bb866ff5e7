"""The service written down for systemd: one unit, which runs `tonghop serve` and nothing else, with
few rights."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

NAME = "tonghop.service"
SYSTEM_UNITS = Path("/etc/systemd/system")


def unit_file(command: list[str], home: Path, account: str | None) -> str:
    """The text of the unit that runs `command` for `home`; without an `account`, for a user's own
    manager."""
    environment = Environment(
        loader=PackageLoader("flows.service", ""),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"unit_word": unit_word, "unit_text": unit_text}
    return environment.get_template("tonghop.service.j2").render(
        command=command, home=str(home), account=account, user=account is None, name=NAME
    )


def unit_word(word: str) -> str:
    """One word of a command line or of a list of paths, as systemd reads it: quoted, no specifier,
    no variable."""
    escaped = unit_text(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'


def unit_text(text: str) -> str:
    """A value as systemd reads it: a percent sign would begin a specifier."""
    return text.replace("%", "%%")


def user_units() -> Path:
    """The folder of the units of this user's own manager."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def owner(path: Path) -> str:
    """The account that owns a file or folder."""
    return pwd.getpwuid(path.stat().st_uid).pw_name
