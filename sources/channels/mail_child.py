"""The child process that opens messages: the sender of a message drives Python's parser, so
it does not run in our process.

Started by `mail_opening` as `python -m sources.channels.mail_child PARENT MESSAGE ANSWER
MEMORY WRITTEN`, with which it ends. MESSAGE and ANSWER are descriptors of two files without a name.
Each line of the input, `{"whole": …}`, asks for the message that MESSAGE holds then; the answer is
written to ANSWER, and its exit code to the output. Every message is opened in a process of its own,
forked for it: with its own limits, and with nothing of the message before.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser

from sources.channels.mail_names import address, header
from sources.channels.mail_parsing import TooMuchError, parse_message
from sources.channels.mail_parts import Parts, parts_of
from sources.children.confined import confine
from sources.children.orphans import end_with

OUT_OF_MEMORY = 77
# of a message that is not opened: its headers, of which no program writes more
MAX_HEAD_BYTES = 1 << 16
MAX_SKIPPED_LISTED = 200  # skipped parts that are listed one by one
MAX_REASON_LENGTH = 300
MAX_ADDRESS_LENGTH = 320  # letters, by RFC 5321
_BLOCK_BYTES = 1 << 18


def main() -> None:
    """Answer each line of the input with the exit code of the process that opened the message,
    until the input ends."""
    end_with(int(sys.argv[1]))
    message, answer, memory, written = map(int, sys.argv[2:])
    gc.freeze()  # a fork then shares what is there by now
    # Not `answer_lines`: its copy of the output would be open in the process that is forked.
    for line in sys.stdin:
        parent, request = os.getpid(), json.loads(line)
        worker = os.fork()
        if not worker:
            _restrict(parent, request["seconds"], memory, written)
            os._exit(_answer(message, answer, request["whole"]))
        print(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]), flush=True)


def _answer(message: int, answer: int, whole: bool) -> int:
    """Writes what the message holds: a line of JSON, then the bytes of its files one after
    another."""
    try:
        head, files = _opened(message) if whole else (_headers(message), [])
    except TooMuchError:
        head, files = {"why": "too many or too deep parts"}, []
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # noqa: BLE001 - a message may break the library in any way; it costs no other
        head, files = (
            {"why": f"{type(error).__name__}: {error}"[:MAX_REASON_LENGTH], "defect": True},
            [],
        )
    try:
        os.lseek(answer, 0, os.SEEK_SET)
        for block in (json.dumps(head).encode() + b"\n", *files):
            _write(answer, block)
    except (OSError, MemoryError):
        return OUT_OF_MEMORY
    return 0


def _opened(message: int) -> tuple[dict[str, object], list[bytes]]:
    whole = parse_message(_blocks(message))
    parts = parts_of(whole)
    sizes = [(name, len(data)) for name, data in parts.files]
    return {**_sender_and_key(whole), "skipped": _skipped(parts), "files": sizes}, [
        data for _, data in parts.files
    ]


def _headers(message: int) -> dict[str, object]:
    return _sender_and_key(BytesHeaderParser().parsebytes(os.pread(message, MAX_HEAD_BYTES, 0)))


def _skipped(parts: Parts) -> list[tuple[str, str]]:
    skipped = [(part.file_name, part.reason) for part in parts.skipped[:MAX_SKIPPED_LISTED]]
    more = len(parts.skipped) - len(skipped)
    return [*skipped, (f"{more} more parts", "no report by their kind")] if more else skipped


def _sender_and_key(message: Message) -> dict[str, object]:
    """The sender's address, and the key that identifies a message without a Message-ID: its date,
    from, to and subject."""
    sender = address(message) or ""
    key = "\n".join(header(message, name) for name in ("date", "from", "to", "subject"))
    return {"sender": sender if 0 < len(sender) <= MAX_ADDRESS_LENGTH else None, "key": key}


def _blocks(message: int) -> Iterator[bytes]:
    at = 0
    while block := os.pread(message, _BLOCK_BYTES, at):
        at += len(block)
        yield block


def _write(answer: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(answer, rest) :]


def _restrict(parent: int, seconds: int, memory: int, written: int) -> None:
    """Give up what opening a message does not need: time and memory past the limit, files, network,
    other processes."""
    end_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.alarm(seconds)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # past it, writing fails instead
    confine()


if __name__ == "__main__":
    main()
