"""How often something may happen: so many times in so many seconds, by whoever is counted."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

MAX_COUNTED = 10_000  # of those that are counted: the longest quiet ones are forgotten first


class Rate:
    """At most `most` times in `seconds`, of each key by itself."""

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._times: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> bool:
        """Counts one time for the key; False where that is too many, which is not counted."""
        now = self._clock()
        with self._lock:
            times = self._times.pop(key, deque())
            while times and now - times[0] > self._seconds:
                times.popleft()
            is_allowed = len(times) < self._most
            if is_allowed:
                times.append(now)
            self._times[key] = times  # the last used key is the last one
            while len(self._times) > MAX_COUNTED:
                del self._times[next(iter(self._times))]
        return is_allowed

    def forget(self, key: str) -> None:
        """Begins again for the key, as after a right password."""
        with self._lock:
            self._times.pop(key, None)
