"""The files in a message: attachments, those of messages in it, and those in Outlook's winmail.dat.

Parts that cannot be a report (the letter's text and pictures in it, signatures, invitations,
notices of delivery) are skipped, with the reason; every other part is a file, whatever its declared
type.
"""

from __future__ import annotations

import base64
import binascii
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from sources.channels import SkippedFile
from sources.channels.mail_names import address, attachment_name, name_for, plain_name
from sources.channels.mail_parsing import TooMuchError, parse_message
from sources.channels.winmail import TNEF_MAGIC, NotTnefError, unwrap

MAX_DEPTH = 10  # messages in messages
MAX_FILES = 500  # of one message

NOT_REPORTS = {
    "text/calendar": "an invitation",
    "application/ics": "an invitation",
    "text/vcard": "a business card",
    "text/x-vcard": "a business card",
    "application/pkcs7-signature": "a signature",
    "application/x-pkcs7-signature": "a signature",
    "application/pgp-signature": "a signature",
    "application/pgp-keys": "a signature",
    "message/delivery-status": "a notice of delivery",
    "message/global-delivery-status": "a notice of delivery",
    "message/disposition-notification": "a notice of delivery",
    "text/rfc822-headers": "a notice of delivery",
    "message/partial": "a piece of a message that was cut into several",
    "message/external-body": "a reference to a file that was not sent",
    "application/applefile": "no file of its own",
}
_OFFICE_MAGICS = (  # what files of reports begin with
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"%PDF",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"{\\rtf",
)
# Exchange's name for text after an attachment
_REST_OF_TEXT = re.compile(r"att\d{3,}\.(?:txt|html?)", re.I)
_CONTENT_ID = re.compile(rb"cid:([^\"'\s>)]+)", re.I)
# some return undelivered mail without declaring it by type
_MAILERS = (
    "mailer-daemon@",
    "postmaster@",
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")

Leaf = tuple[Message, bool, bool]


@dataclass(slots=True)
class Parts:
    """The files of a message, each with a name of its own within it, and the parts that were
    skipped."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    def add(self, name: str, data: bytes) -> None:
        """One more file; one that has the name of another gets a number. Raises TooMuchError."""
        if len(self.files) == MAX_FILES:
            raise TooMuchError
        stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
        own, number = name, 1
        while own.casefold() in self._names:
            number += 1
            own = f"{stem} ({number}){dot}{suffix}"
        self._names.add(own.casefold())
        self.files.append((own, data))

    def skip(self, name: str, reason: str) -> None:
        """One more part that is skipped."""
        self.skipped.append(SkippedFile(name, reason))


def parts_of(message: Message) -> Parts:
    """The files of a message. Raises TooMuchError where they are too many or too deep."""
    parts = Parts()
    _collect(message, parts, "", 0)
    return parts


def _collect(message: Message, parts: Parts, path: str, depth: int) -> None:
    shown = _shown_pictures(message)
    inner = 0
    for part, is_notice, is_related in _leaves(
        message, (address(message) or "").startswith(_MAILERS)
    ):
        name = attachment_name(part)
        nested = None if is_notice else _nested(part, name)
        if nested is not None:
            inner += 1
            if depth == MAX_DEPTH:
                raise TooMuchError
            _collect(nested, parts, f"{path}thư kèm {inner}/", depth + 1)
            continue
        data = _content(part)
        if _is_text_of_letter(part, name, data):
            continue
        title = path + (name or name_for(part.get_content_type(), len(parts.files) + 1))
        if reason := _reason(part, name, data, is_notice, is_related, shown):
            parts.skip(title, reason)
        elif data.startswith(TNEF_MAGIC):
            _unwrap(data, title, path, parts)
        else:
            parts.add(title, data)


def _unwrap(data: bytes, title: str, path: str, parts: Parts) -> None:
    try:
        found = unwrap(data)
    except NotTnefError:
        parts.add(title, data)  # its reader refuses it, and the unit gets feedback
        return
    if not found:
        parts.skip(title, "Outlook's wrapper, with no file in it")
    for number, (name, inside) in enumerate(found, start=1):
        parts.add(path + (plain_name(name) or name_for("application/octet-stream", number)), inside)


def _leaves(message: Message, is_notice: bool = False, is_related: bool = False) -> Iterator[Leaf]:
    """Each part without parts of its own: whether in a notice of delivery, whether beside a text
    that shows it."""
    kind = message.get_content_type()
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        yield message, is_notice, is_related
        return
    for part in _inside(message):
        yield from _leaves(
            part, is_notice or kind == "multipart/report", kind == "multipart/related"
        )


def _inside(message: Message) -> list[Message]:
    """The parts of a message, as the parser makes them."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)]


def _nested(part: Message, name: str) -> Message | None:
    """The message that a part is: forwarded as an attachment, or attached as a file .eml; None for
    any other part."""
    if part.get_content_type() in ("message/rfc822", "message/global") and part.is_multipart():
        [inside] = _inside(part)
        # against the standard, yet it is seen: the message encoded in base64 as a whole
        if not inside.keys():
            whole = Message()
            whole["Content-Transfer-Encoding"] = "base64"
            whole.set_payload(inside.as_bytes().decode("ascii", "surrogateescape"))
            inside = parse_message([_content(whole)])
    elif name.lower().endswith(".eml"):
        inside = parse_message([_content(part)])
    else:
        return None
    return inside if inside.keys() else None


def _is_text_of_letter(part: Message, name: str, data: bytes) -> bool:
    if part.get_content_maintype() != "text" or data.startswith(_OFFICE_MAGICS):
        return False
    is_shown = part.get_content_type() in ("text/plain", "text/html") and not name
    return (is_shown and part.get_content_disposition() != "attachment") or bool(
        _REST_OF_TEXT.fullmatch(name)
    )


def _reason(
    part: Message, name: str, data: bytes, is_notice: bool, is_related: bool, shown: set[str]
) -> str | None:
    """Why a part is no file of a report; None where it is one."""
    if data.startswith(_OFFICE_MAGICS):
        return None
    kind, is_attached = part.get_content_type(), part.get_content_disposition() == "attachment"
    if is_notice or kind in NOT_REPORTS:
        return NOT_REPORTS.get(kind, "a notice of delivery")
    content_id = str(part.get("Content-ID", "")).strip("<> ")
    if kind.startswith("image/") and (content_id in shown or (is_related and not is_attached)):
        return "a picture in the letter's text"
    return "empty" if not data and not name else None


def _shown_pictures(message: Message) -> set[str]:
    """The Content-IDs of the pictures that the letter's text shows."""
    texts = (
        _content(part) for part, *_ in _leaves(message) if part.get_content_type() == "text/html"
    )
    return {found.decode("latin-1") for text in texts for found in _CONTENT_ID.findall(text)}


def _content(part: Message) -> bytes:
    """The bytes of a part, decoded as declared; decoded otherwise where only that gives an Office
    file."""
    if part.is_multipart():
        return b""
    declared = str(part.get("Content-Transfer-Encoding", "")).lower().strip(" ;\t")
    as_declared = _decoded(part, declared)
    if as_declared.startswith(_OFFICE_MAGICS):
        return as_declared
    raw = _decoded(part, "binary")
    for alternative in (raw, _base64(raw)):
        if alternative.startswith(_OFFICE_MAGICS):
            return alternative
    return as_declared


def _decoded(part: Message, encoding: str) -> bytes:
    copied = copy.copy(part)
    del copied["Content-Transfer-Encoding"]
    copied["Content-Transfer-Encoding"] = encoding
    return bytes(copied.get_payload(decode=True) or b"")


def _base64(raw: bytes) -> bytes:
    if _NOT_BASE64.search(raw[:1024]):
        return b""
    try:
        return base64.b64decode(raw.strip() + b"==")
    except binascii.Error:
        return b""
