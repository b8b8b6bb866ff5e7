"""Messages as Outlook keeps them (msg, [MS-OXMSG]): the attachments in them, and nothing else.

Read here and not by a library: the one there is (extract-msg) is under a license that binds whoever
uses it. olefile opens the container; every stream is a property by its name.
"""

from __future__ import annotations

import io
import struct

import olefile

from sources.legacy_encodings import decode_unnamed
from sources.readers.refusals import broken, too_deep

MAX_DEPTH = 10  # messages in messages
MAX_FILES = 500
PROPERTIES = "__properties_version1.0"
_STREAM = "__substg1.0_"
_ATTACHMENT = "__attach_version1.0_"
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _DATA = "3707", "3704", "3001", "3701"
_HIDDEN, _FLAGS, _METHOD = 0x7FFE, 0x3714, 0x3705
_IN_TEXT = 4  # of the flags: a picture that the letter's text shows
_BY_REFERENCE = (2, 3, 4, 7)  # a link to a file that was not sent
_ERRORS = (OSError, ValueError, IndexError, KeyError, struct.error, AttributeError, TypeError)

Path = tuple[str, ...]


def attachments_of(data: bytes) -> list[tuple[str, bytes]]:
    """Name and bytes of each attachment, those of messages in it too. Raises RefusedFile."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return _Message(container).files((), "", 0)
    except _ERRORS as error:
        raise broken() from error


class _Message:
    def __init__(self, container: olefile.OleFileIO[str]) -> None:
        self.container = container
        self.streams = {tuple(path) for path in container.listdir(streams=True, storages=False)}
        self.count = 0

    def files(self, at: Path, prefix: str, depth: int) -> list[tuple[str, bytes]]:
        """The files of the message whose storage lies there."""
        if depth > MAX_DEPTH:
            raise too_deep()
        found: list[tuple[str, bytes]] = []
        inner = 0
        for storage in self._attachments(at):
            self.count += 1
            if self.count > MAX_FILES:
                raise broken()
            numbers = self._numbers(storage)
            message = (*storage, f"{_STREAM}{_DATA}000D")
            if any(path[: len(message)] == message for path in self.streams):
                inner += 1
                if (*message, PROPERTIES) in self.streams:
                    found += self.files(message, f"{prefix}thư kèm {inner}/", depth + 1)
                else:
                    raise broken()  # an object of another program: nothing of a report may be missed
            elif numbers.get(_METHOD) in _BY_REFERENCE:
                raise broken()
            elif not numbers.get(_HIDDEN) and not numbers.get(_FLAGS, 0) & _IN_TEXT:
                content = self._read((*storage, f"{_STREAM}{_DATA}0102"))
                name = self._name(storage) or f"tệp không tên {self.count}"
                found.append((prefix + name, content))
        return found

    def _attachments(self, at: Path) -> list[Path]:
        return sorted(
            {
                path[: len(at) + 1]
                for path in self.streams
                if len(path) > len(at) + 1
                and path[: len(at)] == at
                and path[len(at)].startswith(_ATTACHMENT)
            }
        )

    def _numbers(self, storage: Path) -> dict[int, int]:
        """The properties of the attachment that are small numbers, by their own."""
        properties = self._read((*storage, PROPERTIES))[8:]
        whole = properties[: len(properties) // 16 * 16]
        return {tag >> 16: value for tag, _, value, _ in struct.iter_unpack("<IIII", whole)}

    def _name(self, storage: Path) -> str:
        for number in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME):
            text = self._read((*storage, f"{_STREAM}{number}001F")).decode("utf-16-le", "replace")
            text = text or decode_unnamed(self._read((*storage, f"{_STREAM}{number}001E")))
            text = text.replace("\0", "").replace("/", "-").strip()
            if text:
                return text[:200]
        return ""

    def _read(self, path: Path) -> bytes:
        if path not in self.streams:
            return b""
        return bytes(self.container.openstream(list(path)).read())
