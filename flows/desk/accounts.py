"""The desk's accounts: name, role and the hash of the password, in `desk/accounts.jsonl`.

The record is only added to: of two lines about one name the later counts, and one without a hash
closes the account. Passwords are hashed by argon2id with the library's own parameters (RFC 9106,
low memory).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from sources.ledger import Ledger

Role = Literal["officer", "reader"]
ROLES: dict[str, str] = {"officer": "cán bộ", "reader": "chỉ xem"}
MIN_PASSWORD_LENGTH = 10  # characters
MAX_PASSWORD_LENGTH = 200
_NAME = re.compile(r"[\w.@-]{1,64}")


class AccountError(ValueError):
    """A name or password that an account cannot have; the message (Vietnamese) has what to do."""


@dataclass(frozen=True)
class Account:
    """Who uses the desk; `name` stands in the record of what was done and in decisions.

    since  the time of the account's record; "" of whoever came by the link that the desk printed
    """

    name: str
    role: Role
    since: str = ""

    @property
    def may_change(self) -> bool:
        """Whether it may do more than look."""
        return self.role == "officer"


class Accounts:
    """The accounts of a home. Raises LedgerError where the record is damaged."""

    def __init__(self, folder: Path) -> None:
        self._ledger = Ledger(folder / "accounts.jsonl")
        self._hasher = PasswordHasher()
        # what a wrong name costs, so that it takes as long as a wrong password
        self._nobody = self._hasher.hash("nobody has this password")

    def add(self, name: str, password: str, role: Role, now: dt.datetime) -> Account:
        """Adds an account, or gives one a new password and role. Raises AccountError."""
        if not _NAME.fullmatch(name):
            raise AccountError("tên tài khoản chỉ gồm chữ, số và . _ - @, không quá 64 ký tự")
        if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
            raise AccountError(f"mật khẩu phải có ít nhất {MIN_PASSWORD_LENGTH} ký tự")
        if password.casefold() == name.casefold():
            raise AccountError("mật khẩu không được trùng tên tài khoản")
        self._write(name, role, self._hasher.hash(password), now)
        return Account(name, role, now.isoformat())

    def close(self, name: str, now: dt.datetime) -> None:
        """Closes an account. Raises AccountError where there is none of that name."""
        if name not in self._current():
            raise AccountError(f"không có tài khoản nào tên {name}")
        self._write(name, "reader", None, now)

    def listed(self) -> list[Account]:
        """The open accounts, by name."""
        return [account for _, (account, _) in sorted(self._current().items())]

    def is_open(self, account: Account) -> bool:
        """Whether the account is as it was when its session began: not closed since, nor given
        another password or role."""
        found = self._current().get(account.name)
        return not account.since or (found is not None and found[0] == account)

    def signed_in(self, name: str, password: str) -> Account | None:
        """The account of that name and password; None where there is none, as slowly as else."""
        account, hashed = self._current().get(name, (None, self._nobody))
        try:
            self._hasher.verify(hashed, password[:MAX_PASSWORD_LENGTH])
        except (Argon2Error, InvalidHashError):
            return None
        return account

    def _current(self) -> dict[str, tuple[Account, str]]:
        """The open accounts by name, each with the hash of its password."""
        latest = {
            str(r["name"]): (Account(r["name"], r["role"], r["at"]), r["hash"])
            for r in self._ledger.records()
        }
        return {name: (account, hashed) for name, (account, hashed) in latest.items() if hashed}

    def _write(self, name: str, role: Role, hashed: str | None, now: dt.datetime) -> None:
        record = {"name": name, "role": role, "hash": hashed, "at": now.isoformat()}
        self._ledger.append([record])
