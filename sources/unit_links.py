"""The units' own links to the desk: which unit a link opens for, and which links were taken back.

A link's token is derived (HMAC-SHA-256) from a secret of the home, the unit's code and a number that
grows with each renewal. So it can be printed again on each form and letter, though no token is kept
anywhere: the record `desk/links.jsonl` holds the renewals and revocations alone. Without the secret,
`desk/link.key`, nobody can make a token; who loses that file has new links for all units.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from sources.campaigns import Campaign
from sources.ledger import Ledger, flush
from sources.secrets import read_secret_file

PATH = "/dv/"  # of a link, before its token
_KEY_BYTES = 32


class UnitLinks:
    """The links of a home whose folder of the desk this is. Raises LedgerError where the record is
    damaged, SecretError where others may read the secret."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ledger = Ledger(folder / "links.jsonl")
        self._secret = _secret(folder / "link.key")

    def token(self, unit_code: str) -> str | None:
        """The token of the unit's link, 43 characters; None where it was revoked."""
        serial, is_open = self._latest().get(unit_code, (1, True))
        return self._token(unit_code, serial) if is_open else None

    def units_by_token_digest(self, unit_codes: Iterable[str]) -> dict[str, str]:
        """The units with an open link, by `token_digest` of their tokens."""
        latest = self._latest()
        states = {code: latest.get(code, (1, True)) for code in unit_codes}
        return {
            token_digest(self._token(code, serial)): code
            for code, (serial, is_open) in states.items()
            if is_open
        }

    def renew(self, unit_code: str, account: str, now: dt.datetime) -> str:
        """The token of a new link of the unit; the one before opens nothing any more."""
        serial = self._latest().get(unit_code, (1, True))[0] + 1
        self._record(unit_code, serial, True, account, now)
        return self._token(unit_code, serial)

    def revoke(self, unit_code: str, account: str, now: dt.datetime) -> None:
        """Takes the unit's link back, without another one."""
        serial = self._latest().get(unit_code, (1, True))[0]
        self._record(unit_code, serial, False, account, now)

    def form_key(self, token: str) -> str:
        """What a form on the page of a token bears: who has no token cannot know it."""
        return self._derived("form", token)

    def _token(self, unit_code: str, serial: int) -> str:
        return self._derived("link", f"{serial}|{unit_code}")

    def _derived(self, purpose: str, text: str) -> str:
        digest = hmac.digest(self._secret, f"{purpose}|{text}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def _latest(self) -> dict[str, tuple[int, bool]]:
        return {str(r["unit_code"]): (r["serial"], r["is_open"]) for r in self._ledger.records()}

    def _record(
        self, unit_code: str, serial: int, is_open: bool, account: str, now: dt.datetime
    ) -> None:
        record = {
            "unit_code": unit_code,
            "serial": serial,
            "is_open": is_open,
            "account": account,
            "at": now.isoformat(),
        }
        self._ledger.append([record])


def token_digest(token: str) -> str:
    """What stands for a token where tokens are compared: the time that takes says nothing of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def printed_link(folder: Path, campaign: Campaign, unit_code: str) -> str | None:
    """The unit's link as letters and forms print it; None where the campaign has none, says no
    address, or the link was revoked."""
    settings = campaign.unit_links
    if not (settings.enabled and settings.address):
        return None
    token = UnitLinks(folder).token(unit_code)
    return f"{settings.address}{PATH}{token}" if token else None


def _secret(path: Path) -> bytes:
    """The home's secret, made where there is none yet; of two that make it at once one wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".link.key-{secrets.token_hex(8)}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
        flush(path.parent)
    return bytes.fromhex(read_secret_file(path).strip())
