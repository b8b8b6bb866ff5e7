"""Messages that attack their parser, made from a seed: odd charsets, endless headers, false part
types.

`hostile_messages(count, seed)` yields them; the same arguments give the same bytes.
"""

from __future__ import annotations

import base64
import codecs
import encodings.aliases
from collections.abc import Callable, Iterator
from random import Random

CHARSETS = sorted(
    {
        *encodings.aliases.aliases,
        *encodings.aliases.aliases.values(),
        "unicode_escape",
        "raw_unicode_escape",
        "unicode-escape",
        "idna",
        "punycode",
        "undefined",
        "mbcs",
        "utf-7",
        "zlib",
        "",
        "x" * 5000,
        "../x",
        "os.system",
        "\ud800".encode("utf-8", "replace").decode(),
    }
)
TEXTS = (
    "\\ud800.xlsx",
    "+2AA-.xlsx",
    "\\udfff\\ud800",
    "=5Cud800",
    "BC.xlsx",
    "a" * 5000,
    "%ff%d8",
    "\\N{NULL}",
    "b\\",
    "xn--a",
    "\\x00\\x1b[31m",
    "+AAo-",
    "&#55296;",
    "\\u202Excod.exe",
    "Báo cáo.xlsx",
)
MESSAGE = (
    b"From: ai@do.example\r\nMessage-ID: <%d@x>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=B\r\n"
)
BODY = b"\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBHg=\r\n"


def hostile_messages(count: int, seed: int) -> Iterator[bytes]:
    """That many messages; each has at least one part that is declared as a file."""
    rng = Random(f"{seed}/mail")
    for number in range(count):
        parts = b"".join(
            b"--B\r\n" + rng.choice(_HEADERS)(rng) + BODY for _ in range(rng.randrange(1, 4))
        )
        extra = b"".join(rng.choice(_OF_MESSAGE)(rng) + b"\r\n" for _ in range(rng.randrange(3)))
        yield MESSAGE % number + extra + b"\r\n" + parts + b"--B--\r\n"


def _word(rng: Random) -> bytes:
    """A word of RFC 2047 in some charset, of text that the charset may make halves of letters
    of."""
    charset, text = rng.choice(CHARSETS), rng.choice(TEXTS)
    raw = _encoded(text, charset, rng)
    coded = (
        base64.b64encode(raw) if rng.random() < 0.5 else b"".join(b"=%02X" % byte for byte in raw)
    )
    return b"=?%s?%s?%s?=" % (charset.encode(), rng.choice((b"B", b"Q", b"b", b"q")), coded)


def _encoded(text: str, charset: str, rng: Random) -> bytes:
    if rng.random() < 0.5:
        try:
            return (
                codecs.encode(text, charset)
                if charset in ("utf-7", "utf-16", "utf-32")
                else text.encode(charset)
            )
        except (LookupError, ValueError):
            pass
    return text.encode()


def _percent(rng: Random) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in rng.choice(TEXTS).encode())


_ATTACHED = b"Content-Disposition: attachment; "
_HEADERS: tuple[Callable[[Random], bytes], ...] = (
    lambda rng: _ATTACHED + b'filename="' + _word(rng) + b'"',
    lambda rng: (
        _ATTACHED
        + b'filename="'
        + rng.choice(TEXTS).encode()
        + b" "
        + _word(rng)
        + _word(rng)
        + b'.xlsx"'
    ),
    lambda rng: _ATTACHED + b"filename*=%s'vi'%s" % (rng.choice(CHARSETS).encode(), _percent(rng)),
    lambda rng: (
        _ATTACHED
        + b"filename*%s*=%s''%s"
        % (
            rng.choice((b"0", b"9" * 5000, b"-1", "²".encode(), b"")),
            rng.choice(CHARSETS).encode(),
            _percent(rng),
        )
    ),
    lambda rng: (
        b"Content-Type: application/x; name="
        + _word(rng)
        + b"; charset="
        + rng.choice(CHARSETS).encode()
    ),
    lambda rng: (
        b"Content-Type: text/html; charset="
        + rng.choice(CHARSETS).encode()
        + b"\r\n"
        + _ATTACHED
        + b"filename=x"
    ),
    lambda rng: b"Content-Type: message/rfc822\r\n" + _ATTACHED + b'filename="' + _word(rng) + b'"',
    lambda rng: _ATTACHED + b'filename="' + rng.randbytes(40).replace(b"\n", b"") + b'"',
    lambda rng: (
        b"Content-Type: "
        + rng.choice((b"multipart/mixed; boundary=", b"multipart/x;boundary=B", b"/", b";;;"))
    ),
    lambda rng: b"Content-ID: " + _word(rng) + b"\r\nContent-Type: image/png",
)
_OF_MESSAGE: tuple[Callable[[Random], bytes], ...] = (
    lambda rng: b"From: " + _word(rng) + b" <" + rng.randbytes(8).replace(b"\n", b"") + b"@x>",
    lambda rng: b"Subject: " + _word(rng) * 50,
    lambda rng: b"Date: " + rng.choice((b"Fri, 99 Foo 99999", b"\xff\xff", _word(rng))),
    lambda rng: b"Content-Type: " + _word(rng),
    lambda rng: b"To: " + b"a@b, " * 3000,
)
