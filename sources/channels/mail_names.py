"""Headers of a message as text, however they are encoded: names of attachments, the sender's
address.

The standard for a name is RFC 2231; programs also write RFC 2047 words into it, or plain bytes of
UTF-8, cp1258, TCVN3.
"""

from __future__ import annotations

import binascii
import mimetypes
import re
from email.message import Message

from sources.legacy_encodings import decode_unnamed
from sources.text import clean

MAX_NAME_LENGTH = 200  # of a name: longer ones are no names, and no disk would take them

_ADDRESS = r"[^\s<>@,;:\"()]+@[^\s<>@,;:\"()]+"
_IN_BRACKETS = re.compile(f"<\\s*({_ADDRESS})\\s*>")
_FROM_A_DISK = re.compile(r"^(?:[A-Za-z]:|[\\/]|\.\.?[\\/])")  # C:\…, \\server\…, /home/…, ../…
_WORD = re.compile(r"=\?([^?\s]*)\?([bBqQ])\?([^?]*)\?=")  # of RFC 2047
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*=*\s*")
_SURROGATES = re.compile("[\ud800-\udfff]")  # of surrogate pairs: nothing can be named by them
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def header(message: Message, name: str) -> str:
    """The first header of that name as text, its encoded words left as they are; "" where there is
    none."""
    for key, value in message.raw_items():
        if key.lower() == name:
            return decode_unnamed(str(value).encode("utf-8", "surrogateescape"))
    return ""


def attachment_name(part: Message) -> str:
    """The name of a part by its headers, made plain (no path, no control letters, not overlong); ""
    for none."""
    for field, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        about = Message()
        about[field] = header(part, field)
        try:
            found = about.get_param(parameter, None, field)
        except ValueError:  # a continuation whose number has thousands of digits
            continue
        if found and (name := plain_name(_text(found))):
            return name
    return ""


def plain_name(text: str) -> str:
    """A name without a path: of one from a disk the last part, else - for each slash; cut where
    overlong."""
    text = _SURROGATES.sub("\ufffd", _UNPRINTABLE.sub(" ", text))
    text = (
        re.split(r"[\\/]", text)[-1]
        if _FROM_A_DISK.match(text.strip())
        else re.sub(r"[\\/]", "-", text)
    )
    name = clean(text)
    if not name.strip(". "):
        return ""
    stem, dot, suffix = name.rpartition(".")
    if len(name) > MAX_NAME_LENGTH and dot and len(suffix) <= 10:
        return stem[: MAX_NAME_LENGTH - len(suffix) - 2] + "…." + suffix
    return name[:MAX_NAME_LENGTH]


def name_for(content_type: str, number: int) -> str:
    """The name of a part that has none."""
    return f"tệp không tên {number}{mimetypes.guess_extension(content_type) or ''}"


def address(message: Message) -> str | None:
    """The address in From, without the person's name; None where there is none, or more than
    one."""
    text = header(message, "from")
    found: list[str] = _IN_BRACKETS.findall(text)
    if len(found) == 1:
        return found[0].lower()
    return text.strip().lower() if not found and re.fullmatch(_ADDRESS, text.strip()) else None


def _text(found: str | tuple[str | None, str | None, str]) -> str:
    """A parameter's text: of RFC 2231 (charset, language, bytes as Latin-1), or with words of RFC
    2047 in it."""
    if isinstance(found, tuple):
        return decode_unnamed(found[2].encode("latin-1", "replace"), found[0])
    return _words_decoded(found)


def _words_decoded(text: str) -> str:
    """The text with its words of RFC 2047 decoded; one that cannot be stays as it is written.

    What stands between two words is no text where it is blank. The bytes of neighbours of one
    charset are one text: some programs cut within a letter.
    """
    pieces: list[tuple[str | None, bytes]] = []  # a charset and bytes in it, or None and UTF-8
    end, after_word = 0, False
    for word in _WORD.finditer(text):
        between, raw = text[end : word.start()], _word_bytes(word[2], word[3])
        if between.strip() or (between and not after_word):
            pieces.append((None, between.encode("utf-8", "replace")))
        piece = (
            (None, word[0].encode("utf-8", "replace"))
            if raw is None
            else (word[1].partition("*")[0].lower(), raw)
        )
        if piece[0] is not None and pieces and pieces[-1][0] == piece[0]:
            piece = (piece[0], pieces.pop()[1] + piece[1])
        pieces.append(piece)
        end, after_word = word.end(), True
    pieces.append((None, text[end:].encode("utf-8", "replace")))
    return "".join(
        raw.decode("utf-8") if charset is None else decode_unnamed(raw, charset)
        for charset, raw in pieces
    )


def _word_bytes(encoding: str, text: str) -> bytes | None:
    """The bytes of an encoded word's text; None where it is not so encoded."""
    raw = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    if not text.strip() or not _BASE64.fullmatch(text):
        return None
    padded = b"".join(raw.split()).rstrip(b"=")
    try:
        return binascii.a2b_base64(padded + b"=" * (-len(padded) % 4))
    except binascii.Error:
        return None
