"""Bytes of a message to its parts, at a bounded cost: Python's parser takes hours for some messages
of a few megabytes.

The bounds are of what is in the message, not of time: the same message is opened or not on every
machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Compat32

MAX_BOUNDARIES = 20_000  # lines that may begin a part
MAX_LINES = 3_000_000  # each takes some sixty bytes of memory, however short it is
MAX_WORK = 20_000_000  # lines times multiparts that each of them may end
MAX_HEADER_LENGTH = (
    16_384  # letters of a header that are looked at; its parameters cost their square
)


class TooMuchError(Exception):
    """A message of so many parts or files, or so deep one in another, that nobody sent it as a
    report."""


class _ShortHeaders(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_HEADER_LENGTH]


def parse_message(blocks: Iterable[bytes]) -> Message:
    """The message of these bytes, read as they come. Raises TooMuchError where that would cost too
    much."""
    parser = BytesFeedParser(policy=_ShortHeaders())
    lines = boundaries = multiparts = 0
    for block in blocks:
        lines += block.count(b"\n")
        boundaries += block.count(b"\n--")
        multiparts += block.lower().count(b"boundary")
        if boundaries > MAX_BOUNDARIES or lines > MAX_LINES or lines * multiparts > MAX_WORK:
            raise TooMuchError
        parser.feed(block)
    return parser.close()
