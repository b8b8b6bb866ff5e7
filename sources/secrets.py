"""Secrets: passwords come from the environment or from a file that only its owner may read, and go
no further."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path


class SecretError(Exception):
    """A file of secrets that cannot be used, and what to do; never what is in it."""


def environment_without_secrets() -> dict[str, str]:
    """This process's environment for a child that needs no password: without TONGHOP_…PASSWORD…."""
    return {name: value for name, value in os.environ.items() if not _is_secret(name)}


def read_secret_file(path: Path) -> str:
    """The text of a file that its owner alone may read. Raises SecretError where others may too, or
    it is not there."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise SecretError(
                    f"{path} may be read by others (mode {mode:04o}): chmod 600 {path}, and change the "
                    "passwords in it if others use this machine"
                )
            return file.read()
    except UnicodeDecodeError:
        raise SecretError(f"{path} is no UTF-8 text: write it again") from None
    except OSError as error:
        raise SecretError(
            f"{path} cannot be read ({error.strerror}): correct its path or its rights"
        ) from None


def secret_of(name: str, key: str, environment: Mapping[str, str]) -> str | None:
    """The secret of `key`: of its line `key secret` in the file that {name}_FILE names; without a
    file, {name} itself.

    None where there is none. Raises SecretError where the file cannot be used.
    """
    # then {name} is not looked at: it would go to the wrong server
    if path := environment.get(f"{name}_FILE"):
        for line in read_secret_file(Path(path)).splitlines():
            owner, *secret = line.strip().split(maxsplit=1) or [""]
            if owner == key and secret:
                return secret[0]
        return None
    return environment.get(name) or None


def _is_secret(name: str) -> bool:
    return name.startswith("TONGHOP_") and "PASSWORD" in name
