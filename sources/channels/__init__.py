"""Channels: where reports come in. Each looks at one place and says what came, when and from whom, and changes nothing.

A channel may import the grids' and campaign's types, never a reader: what a file holds is not its business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that lies in a channel.

    file_name    its name there, with the folders below the inbox, separated by /
    received_at  when it came, with a time zone
    open         opens its bytes for reading; raises OSError where it has gone
    unchanged    whether it is still what it was when it was seen
    """

    file_name: str
    received_at: dt.datetime
    channel: str
    open: Callable[[], BinaryIO]
    unchanged: Callable[[], bool]
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A file that was not taken, and why, for the log."""

    file_name: str
    reason: str
