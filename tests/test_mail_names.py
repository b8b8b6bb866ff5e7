"""Names of files and senders in a message, in any encoding."""

import base64
import unicodedata
from email import message_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.channels.mail_names import MAX_NAME_LENGTH, address, attachment_name, plain_name
from sources.legacy_encodings import decode_tcvn3, decode_unnamed

NAME = "Báo cáo xã Tân Sơn.xlsx"
REPORT = "Báo cáo kết quả đợt sinh hoạt xã Phượng Sơn"


def tcvn3(text: str) -> bytes:
    letters = {decode_tcvn3(chr(code)): code for code in range(0xFF, 0x7F, -1)}
    return bytes(letters.get(letter, ord(letter) & 0xFF) for letter in text)


def cp1258(text: str) -> bytes:
    """As Windows writes it: a letter with its hat, then its tone."""
    out = b""
    for letter in text:
        tones = [
            mark
            for mark in unicodedata.normalize("NFD", letter)
            if mark in "\u0300\u0301\u0303\u0309\u0323"
        ]
        base = "".join(mark for mark in unicodedata.normalize("NFD", letter) if mark not in tones)
        out += unicodedata.normalize("NFC", base).encode("cp1258") + "".join(tones).encode("cp1258")
    return out


def word(text: str, charset: str, kind: str = "B") -> bytes:
    raw = cp1258(text) if charset == "windows-1258" else text.encode(charset)
    coded = base64.b64encode(raw) if kind == "B" else b"".join(b"=%02X" % byte for byte in raw)
    return b"=?" + charset.encode() + b"?" + kind.encode() + b"?" + coded + b"?="


def percent(raw: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in raw)


def quoted(text: str) -> bytes:
    return percent(text.encode())


UTF8 = NAME.encode()
VNI = "Baùo caùo xaõ Taân Sôn".encode("latin-1")
NAMES = [  # a header of the part, and the name that it gives
    (b'Content-Disposition: attachment; filename="BC.xlsx"', "BC.xlsx"),
    (b"Content-Disposition: attachment; filename=BC 15.xlsx", "BC 15.xlsx"),
    (b"Content-Disposition: attachment; filename*=UTF-8''" + quoted(NAME), NAME),
    (b"Content-Disposition: attachment; filename*=utf-8'vi'" + quoted(NAME), NAME),
    (
        b"Content-Disposition: attachment;\r\n filename*0*=UTF-8''"
        + quoted(NAME)[:30]
        + b";\r\n filename*1*="
        + quoted(NAME)[30:],
        NAME,
    ),
    (
        b'Content-Disposition: attachment;\r\n filename*0="Bao cao ";\r\n filename*1="xa.xlsx"',
        "Bao cao xa.xlsx",
    ),
    (b"Content-Disposition: attachment; filename*=windows-1258''" + percent(cp1258(NAME)), NAME),
    (b"Content-Disposition: attachment; filename*=no-such-charset''" + quoted(NAME), NAME),
    (b"Content-Disposition: attachment; filename*=iso-8859-1''" + quoted(NAME), NAME),
    (b'Content-Disposition: attachment; filename="' + word(NAME, "utf-8") + b'"', NAME),
    (b"Content-Disposition: attachment; filename=" + word(NAME, "utf-8", "Q"), NAME),
    (b'Content-Type: application/x; name="' + word(NAME, "windows-1258") + b'"', NAME),
    # one letter's bytes in two words, as some programs cut them
    (
        b'Content-Type: application/x; name="=?utf-8?B?'
        + base64.b64encode(UTF8[:2])
        + b"?=\r\n =?utf-8?B?"
        + base64.b64encode(UTF8[2:])
        + b'?="',
        NAME,
    ),
    (
        b'Content-Disposition: attachment; filename="b\xc3\xa1o c\xc3\xa1o =?utf-8?Q?x=C3=A3.xlsx?="',
        "báo cáo xã.xlsx",
    ),
    (b'Content-Disposition: attachment; filename="' + UTF8 + b'"', NAME),
    (
        b'Content-Disposition: attachment; filename="'
        + unicodedata.normalize("NFD", NAME).encode()
        + b'"',
        NAME,
    ),
    (b'Content-Disposition: attachment; filename="' + cp1258(NAME) + b'"', NAME),
    (b'Content-Disposition: attachment; filename="' + tcvn3(REPORT) + b'.xls"', f"{REPORT}.xls"),
    (
        b'Content-Disposition: attachment; filename="=?iso-8859-1?B?'
        + base64.b64encode(tcvn3(REPORT))
        + b'?="',
        REPORT,
    ),
    (b'Content-Disposition: attachment; filename="' + VNI + b'.doc"', "Báo cáo xã Tân Sơn.doc"),
    (b'Content-Disposition: attachment; filename="\xff\xfe.xlsx"', "\ufffd\ufffd.xlsx"),
    (b'Content-Disposition: attachment; filename="=?utf-8?B?!?="', "=?utf-8?B?!?="),
    (b'Content-Disposition: attachment; filename="C:\\\\Users\\\\An\\\\BC.xlsx"', "BC.xlsx"),
    (b'Content-Disposition: attachment; filename="../../etc/BC.xlsx"', "BC.xlsx"),
    (b'Content-Disposition: attachment; filename="/home/an/BC.xlsx"', "BC.xlsx"),
    (b'Content-Disposition: attachment; filename="BC 15/4/2022.xlsx"', "BC 15-4-2022.xlsx"),
    (b'Content-Disposition: attachment; filename="BC\r\n  x\xe1\xba\xa3\t1.xlsx"', "BC xả 1.xlsx"),
    (b'Content-Disposition: attachment; filename="..."', ""),
    (
        b'Content-Disposition: attachment; filename=""\r\nContent-Type: text/x; name="a.xlsx"',
        "a.xlsx",
    ),
    (b"Content-Disposition: attachment", ""),
]


@pytest.mark.parametrize(("header", "name"), NAMES)
def test_name_is_decoded_in_every_encoding(header, name):
    assert attachment_name(message_from_bytes(header + b"\r\n\r\nx")) == name


def test_name_is_no_path_and_fits_the_disk():
    long = plain_name("x" * 900 + ".xlsx")
    assert (len(long), long[-5:]) == (MAX_NAME_LENGTH, ".xlsx")
    assert plain_name("CON\x00\u202excod.exe") == "CON xcod.exe"
    assert plain_name("..") == plain_name("   ") == ""


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_any_name_bytes_become_writable_text(data):
    decode_unnamed(data).encode()
    part = message_from_bytes(b'Content-Disposition: attachment; filename="' + data + b'"\r\n\r\nx')
    name = attachment_name(part)
    assert "/" not in name
    assert len(name.encode()) <= 4 * MAX_NAME_LENGTH


SENDERS = [  # From, and the address that is kept of it
    (b"Xa Tan Son <TanSon@LucNgan.example>", "tanson@lucngan.example"),
    (b"tanson@lucngan.example", "tanson@lucngan.example"),
    ('"Nguyễn Văn A, xã B" <a@b.example>'.encode(), "a@b.example"),
    (b"=?utf-8?B?Tmd1eeG7hW4=?=\r\n <a@b.example>", "a@b.example"),
    (b'"tanson@lucngan.example" <evil@elsewhere.example>', "evil@elsewhere.example"),
    (b'"<tanson@lucngan.example>" <evil@elsewhere.example>', None),  # whose is it?
    (b"a@b.example, c@d.example", None),
    (b"a@b.example (Nguyen Van A)", None),
    (b"undisclosed", None),
    (b"", None),
]


@pytest.mark.parametrize(("sender", "kept"), SENDERS)
def test_sender_is_kept_as_address_only(sender, kept):
    assert address(message_from_bytes(b"From: " + sender + b"\r\n\r\nx")) == kept
