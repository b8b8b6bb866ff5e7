"""Messages that lie as files in a folder (eml, msg): the reports in them are their attachments, as of
a message in a mailbox; the letter's own text is none of them."""

from __future__ import annotations

from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message

from sources.channels.mail_parsing import TooMuchError, parse_message
from sources.channels.mail_parts import parts_of
from sources.grids import Document, FileKind, RefusedFile
from sources.readers.archives import Member, Read, add_members
from sources.readers.outlook import attachments_of
from sources.readers.packages import Budget
from sources.readers.refusals import (
    broken,
    in_message,
    message_too_much,
    no_attachment,
    printable,
    too_deep,
)


def read_message(data: bytes, kind: FileKind, budget: Budget, depth: int, read: Read) -> Document:
    """One document of all attachments, each sheet named after its file, as of an archive.

    Raises RefusedFile with the attachment's name where one cannot be read, and where there is none.
    """
    if depth >= budget.limits.archive_depth:
        raise too_deep()
    files, left_alone = _outlook_parts(data) if kind == "msg" else _parts(data, budget)
    budget.charge_members(len(files))

    def member(name: str, content: bytes) -> Member:
        return name, lambda: read(content, budget, depth + 1)

    budget.charge(sum(len(content) for _, content in files))
    whole = Document(kind)
    add_members(whole, [member(name, content) for name, content in files], in_message)
    whole.skipped += [printable(name) for name in left_alone]
    if not whole.blocks and not whole.unseen:
        raise no_attachment()
    return whole


def _parts(data: bytes, budget: Budget) -> tuple[list[tuple[str, bytes]], list[str]]:
    """The files of a message, and the names of what in it was left alone."""
    try:
        message = parse_message([data])
        refuse_cut_off(message)
        parts = parts_of(message)
    except TooMuchError as error:
        raise message_too_much(budget.limits) from error
    except (MemoryError, RefusedFile):
        raise
    except Exception as error:
        raise broken() from error
    return parts.files, [part.file_name for part in parts.skipped]


def refuse_cut_off(message: Message) -> None:
    """Raises RefusedFile where the message ends before its parts do."""
    for part in message.walk():
        if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects):
            raise broken()


def _outlook_parts(data: bytes) -> tuple[list[tuple[str, bytes]], list[str]]:
    return attachments_of(data), []
