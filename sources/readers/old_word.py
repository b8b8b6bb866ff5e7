"""Old Word files (.doc, .dot; Word 97 to 2003): what they are, and whether they can be read here.

The file's structures are read by the extra `doc` (msdoc2docx), of which nothing that writes files
is used. Its import costs a fifth of a second, so it is made where a .doc is read, and not before.
"""

from __future__ import annotations

import importlib.util
import struct

import olefile

from sources.campaigns import Limits
from sources.grids import Document
from sources.readers.old_word_streams import Streams
from sources.readers.refusals import broken, encrypted, extra_missing, other_format
from sources.readers.word import document_of

_EXTRA, _LIBRARY = "tonghop[doc]", "doc2docx"
_IDENTITY, _WORD_97 = 0xA5EC, 0xC1
_ENCRYPTED, _SECOND_TABLES = 0x100, 0x200
_MACROS = ("Macros", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT")


def read_old_word(container: olefile.OleFileIO[str], limits: Limits) -> Document:
    """The document of a .doc. Raises RefusedFile: unreadable where it is encrypted, older than Word
    97 or broken, or where the extra `doc` is not installed."""
    streams = _streams(container)
    if importlib.util.find_spec(_LIBRARY) is None:
        raise extra_missing("văn bản Word kiểu cũ (.doc)", _EXTRA)
    from sources.readers.old_word_parts import parts_of

    macros = any(container.exists(name) for name in _MACROS)
    return document_of(parts_of(streams), "doc", macros, limits)


def _streams(container: olefile.OleFileIO[str]) -> Streams:
    try:
        text = container.openstream("WordDocument").read()
        identity, version, flags = struct.unpack_from("<HH6xH", text)
        if identity != _IDENTITY or version < _WORD_97:
            raise other_format("văn bản của bản Word quá cũ (trước Word 97)")
        if flags & _ENCRYPTED:
            raise encrypted()
        tables = container.openstream("1Table" if flags & _SECOND_TABLES else "0Table").read()
        data = container.openstream("Data").read() if container.exists("Data") else b""
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise broken() from error
    return Streams(text, tables, data)
