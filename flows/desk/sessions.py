"""Who has entered the desk: sessions in memory, each known by a random cookie, and one-time links.

A restart of the desk ends all of them. What is kept of a cookie or link is its SHA-256 only.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flows.desk.accounts import Account

COOKIE = "tonghop"
IDLE_SECONDS = 8 * 3600  # without a request
MAX_SECONDS = 24 * 3600  # of a session, whatever is done in it
LINK_SECONDS = 3600  # for which a one-time link can be opened
MAX_SESSIONS = 1000


@dataclass
class Session:
    """One browser that has entered; `form_key` is in each form that it sends (against forgery)."""

    account: Account
    begun: float
    used: float
    form_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    notes: list[str] = field(default_factory=list)  # shown on the next page, once


class Sessions:
    """The sessions of a desk; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._links: dict[str, tuple[Account, float]] = {}
        self._lock = threading.Lock()

    def begin(self, account: Account) -> str:
        """A new session's cookie."""
        cookie, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._drop_old(now)
            self._sessions[_digest(cookie)] = Session(account, now, now)
        return cookie

    def of(self, cookie: str | None) -> Session | None:
        """The session of a cookie, which is used by that; None where there is none any more."""
        now = self._clock()
        with self._lock:
            session = self._sessions.get(_digest(cookie or ""))
            if session is None or _is_old(session, now):
                return None
            session.used = now
            return session

    def end(self, cookie: str | None) -> None:
        """Ends the session of a cookie."""
        with self._lock:
            self._sessions.pop(_digest(cookie or ""), None)

    def one_time_link(self, account: Account) -> str:
        """A token with which this account enters once, within LINK_SECONDS."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._links[_digest(token)] = (account, self._clock())
        return token

    def redeem(self, token: str) -> Account | None:
        """The account of a one-time token, which is spent by that."""
        with self._lock:
            account, made = self._links.pop(_digest(token), (None, 0.0))
        return account if account and self._clock() - made <= LINK_SECONDS else None

    def _drop_old(self, now: float) -> None:
        for key in [k for k, s in self._sessions.items() if _is_old(s, now)]:
            del self._sessions[key]
        while len(self._sessions) >= MAX_SESSIONS:
            del self._sessions[min(self._sessions, key=lambda k: self._sessions[k].used)]


def _is_old(session: Session, now: float) -> bool:
    return now - session.used > IDLE_SECONDS or now - session.begun > MAX_SECONDS


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
