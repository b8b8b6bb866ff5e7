"""The files in a message of any mail program: names, bytes, and what is not a report."""

import base64
import contextlib
import struct
import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_mail_names import NAME, cp1258

from sources.channels.mail_parsing import TooMuchError, parse_message
from sources.channels.mail_parts import MAX_DEPTH, MAX_FILES, parts_of
from sources.channels.winmail import TNEF_MAGIC, NotTnefError, unwrap

XLSX = b"PK\x03\x04 and what follows\r\n\n\x00\xff"


def letter(*files: tuple[str, bytes], text: str = "Kính gửi") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content(text)
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message


def read(message: EmailMessage | bytes) -> tuple[dict[str, bytes], list[str]]:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    parts = parts_of(parse_message([raw]))
    assert len({name.casefold() for name, _ in parts.files}) == len(parts.files), (
        "each has a name of its own"
    )
    return dict(parts.files), [skipped.reason for skipped in parts.skipped]


def part(headers: str, body: bytes) -> bytes:
    """A message of a text and one more part with those headers."""
    return (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nxin\r\n--b\r\n"
        + headers.encode()
        + b"\r\n\r\n"
        + body
        + b"\r\n--b--\r\n"
    )


def test_every_attachment_gets_a_unique_name():
    files, skipped = read(
        letter(
            ("BC.xlsx", XLSX),
            ("bc.xlsx", b"PK\x03\x04 other"),
            ("BC.xlsx", XLSX),
            ("không đuôi", b"1"),
            ("không đuôi", b"2"),
            ("rỗng.xlsx", b""),
        )
    )
    assert files == {
        "BC.xlsx": XLSX,
        "bc (2).xlsx": b"PK\x03\x04 other",
        "BC (3).xlsx": XLSX,
        "không đuôi": b"1",
        "không đuôi (2)": b"2",
        "rỗng.xlsx": b"",
    }
    assert skipped == []


FILES = [  # headers and body of a part, and what it is landed as
    (
        "Content-Type: a/x; name=a.xlsx\r\nContent-Transfer-Encoding: base64",
        base64.encodebytes(XLSX),
        "a.xlsx",
    ),
    ("Content-Type: text/plain; name=a.csv", b"a;b\r\n1;2", "a.csv"),
    ("Content-Type: text/plain\r\nContent-Disposition: attachment", b"xin", "tệp không tên 1.txt"),
    ("Content-Type: application/octet-stream", XLSX, "tệp không tên 1.bin"),
    (
        "Content-Type: text/calendar; name=BC.ics\r\nContent-Transfer-Encoding: base64",
        base64.b64encode(XLSX),
        "BC.ics",
    ),
    # encoded otherwise than declared
    (
        "Content-Type: application/x; name=a.xlsx\r\nContent-Transfer-Encoding: base64",
        XLSX,
        "a.xlsx",
    ),
    (
        "Content-Type: application/x; name=a.xlsx\r\nContent-Transfer-Encoding: quoted-printable",
        XLSX,
        "a.xlsx",
    ),
    (
        "Content-Type: application/x; name=a.xlsx\r\nContent-Transfer-Encoding: 7bit",
        base64.encodebytes(XLSX),
        "a.xlsx",
    ),
    (
        "Content-Type: application/x; name=a.xlsx\r\nContent-Transfer-Encoding: nonsense",
        XLSX,
        "a.xlsx",
    ),
    (
        "Content-Type: application/x; name=a.xlsx\r\nContent-Transfer-Encoding: BASE64 ",
        b"!" + base64.b64encode(XLSX),
        "a.xlsx",
    ),
    # a photo of a report is no report, but its unit must hear of it
    (
        "Content-Type: image/jpeg; name=trang1.jpg\r\nContent-Disposition: inline",
        b"\xff\xd8\xff",
        "trang1.jpg",
    ),
]


@pytest.mark.parametrize(("headers", "body", "name"), FILES)
def test_part_is_a_file_whatever_its_declared_type(headers, body, name):
    files, skipped = read(part(headers, body))
    assert (list(files), skipped) == ([name], [])
    if b"PK" in body or b"UEs" in body:
        assert files[name] == XLSX


def test_damaged_base64_becomes_a_file_for_the_reader_to_refuse():
    whole = base64.encodebytes(XLSX * 50)
    headers = "Content-Type: a/x; name=a.xlsx\r\nContent-Transfer-Encoding: base64"
    [(name, data)] = read(part(headers, whole[:501]))[0].items()
    assert name == "a.xlsx"
    assert data
    assert (XLSX * 50).startswith(data[:300])
    # the end of the message is missing
    [(_, cut)] = read(letter(("a.xlsx", XLSX * 50)).as_bytes()[:-700])[0].items()
    assert (XLSX * 50).startswith(cut[:300])


LEFT = [  # headers of a part, its body, and why it is left alone
    ("Content-Type: text/calendar; method=REQUEST", b"BEGIN:VCALENDAR", "an invitation"),
    ("Content-Type: application/pkcs7-signature; name=smime.p7s", b"0\x82", "a signature"),
    ("Content-Type: application/pgp-signature; name=a.asc", b"--", "a signature"),
    ("Content-Type: text/vcard; name=an.vcf", b"BEGIN:VCARD", "a business card"),
    (
        "Content-Type: message/partial; id=a; number=1",
        b"x",
        "a piece of a message that was cut into several",
    ),
    (
        "Content-Type: message/external-body; access-type=URL",
        b"Content-Type: a/b\r\n\r\n",
        "a reference to a file",
    ),
    ("Content-Type: application/octet-stream", b"", "empty"),
]


@pytest.mark.parametrize(("headers", "body", "reason"), LEFT)
def test_non_reports_are_skipped_and_logged(headers, body, reason):
    files, skipped = read(part(headers, body))
    assert files == {}
    assert len(skipped) == 1
    assert skipped[0].startswith(reason)


def test_body_text_and_inline_pictures_are_not_files():
    message = EmailMessage()
    message.set_content("Kính gửi")
    message.add_alternative('<p>Kính gửi <img src="cid:logo@x">', subtype="html")
    page = message.get_payload()[1]
    page.add_related(
        b"\x89PNG", "image", "png", cid="<logo@x>", filename="logo.png", disposition="attachment"
    )
    page.add_related(
        b"\x89PNG2", "image", "png", cid="<other@x>", filename="dong.png", disposition="inline"
    )
    message.add_attachment(XLSX, maintype="application", subtype="x", filename="BC.xlsx")
    message.add_attachment("Thân ái", filename="ATT00001.txt")
    assert read(message) == ({"BC.xlsx": XLSX}, ["a picture in the letter's text"] * 2)


def test_nested_messages_give_their_files():
    inner = letter(("BC.xlsx", b"PK\x03\x04 inner"))
    outer = letter(("BC.xlsx", XLSX))
    outer.add_attachment(letter(("BC.xlsx", b"PK\x03\x04 second")))
    middle = letter()
    middle.add_attachment(inner)
    outer.add_attachment(middle)
    outer.add_attachment(
        inner.as_bytes(), maintype="application", subtype="octet-stream", filename="chuyển tiếp.EML"
    )
    assert read(outer)[0] == {
        "BC.xlsx": XLSX,
        "thư kèm 1/BC.xlsx": b"PK\x03\x04 second",
        "thư kèm 2/thư kèm 1/BC.xlsx": b"PK\x03\x04 inner",
        "thư kèm 3/BC.xlsx": b"PK\x03\x04 inner",
    }


def test_base64_encoded_nested_message_is_opened():
    coded = base64.encodebytes(letter(("BC.xlsx", XLSX)).as_bytes())
    headers = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64"
    assert read(part(headers, coded)) == ({"thư kèm 1/BC.xlsx": XLSX}, [])


def test_bounce_is_not_a_report():
    """The office's own reminder, with the blank form attached, which some server returns."""
    sent = letter(("bieu-mau.xlsx", XLSX)).as_bytes()
    bounce = (
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsorry"
        b"\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed"
        b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + sent + b"\r\n--b--\r\n"
    )
    assert read(bounce) == ({}, ["a notice of delivery", "a notice of delivery"])


def test_bounce_formatted_as_plain_mail_is_not_a_report():
    bounce = letter()
    bounce.replace_header("From", "Mail System <MAILER-DAEMON@mail.example>")
    bounce.add_attachment(letter(("bieu-mau.xlsx", XLSX)))
    assert read(bounce) == ({}, ["a notice of delivery"])


def test_file_merely_named_like_a_message_is_a_file():
    assert read(letter(("BC.eml", XLSX), ("rỗng.eml", b""))) == (
        {"BC.eml": XLSX, "rỗng.eml": b""},
        [],
    )
    assert read(part("Content-Type: message/rfc822", b"")) == ({}, ["empty"])


def test_nesting_depth_and_file_count_are_limited():
    message = letter(("BC.xlsx", XLSX))
    for _ in range(MAX_DEPTH + 1):
        outer = letter()
        outer.add_attachment(message)
        message = outer
    with pytest.raises(TooMuchError):
        read(message)
    many = b"".join(b"--b\r\nContent-Type: a/b; name=x\r\n\r\nx\r\n" for _ in range(MAX_FILES + 1))
    with pytest.raises(TooMuchError):
        read(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + many + b"--b--")


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_message_never_crashes(noise):
    good = letter(("BC.xlsx", XLSX)).as_bytes()
    for raw in (
        noise,
        good[:200] + noise + good[200:],
        part("Content-Type: message/rfc822", noise),
    ):
        read(raw)


NAMED_TWICE = b";a=b" * 400_000
COSTLY = [  # what Python's parser alone would take hours for, some of it more than a megabyte
    b"Content-Type: multipart/mixed" + NAMED_TWICE + b"\r\n\r\nx",
    part("Content-Disposition: attachment" + NAMED_TWICE.decode(), b"x"),
    part('Content-Disposition: attachment; filename="' + "=?utf-8?B?YQ==?= " * 200_000 + '"', b"x"),
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 2_000_000,
    b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300)
    )
    + b"x\r\n" * 5_000_000,
    b"\r\n" * 30_000_000,
]


@pytest.mark.parametrize("raw", COSTLY, ids=range(len(COSTLY)))
def test_every_message_is_parsed_within_seconds(raw):
    begun = time.process_time()
    with contextlib.suppress(TooMuchError):
        parts_of(parse_message(raw[at : at + (1 << 18)] for at in range(0, len(raw), 1 << 18)))
    assert time.process_time() - begun < 15


def attribute(level: int, number: int, value: bytes) -> bytes:
    return (
        struct.pack("<BII", level, number, len(value))
        + value
        + struct.pack("<H", sum(value) & 0xFFFF)
    )


def mapi(*properties: tuple[int, int, bytes]) -> bytes:
    packed = b"".join(
        struct.pack("<HH", kind, number)
        + (struct.pack("<II", 1, len(value)) if kind > 0x0B else b"")
        + value
        + b"\0" * (-len(value) % 4)
        for kind, number, value in properties
    )
    return struct.pack("<I", len(properties)) + packed


def attached(title: bytes, data: bytes | None, *properties: tuple[int, int, bytes]) -> bytes:
    return (
        attribute(2, 0x00069002, b"\x01\0" + b"\0" * 12)
        + attribute(2, 0x00018010, title + b"\0")
        + (attribute(2, 0x0006800F, data) if data is not None else b"")
        + (attribute(2, 0x00069005, mapi(*properties)) if properties else b"")
    )


def tnef(*attachments: bytes) -> bytes:
    return (
        TNEF_MAGIC
        + b"\x01\0"
        + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
        + attribute(1, 0x00069007, struct.pack("<II", 1258, 0))
        + b"".join(attachments)
    )


def long_name(name: str) -> tuple[int, int, bytes]:
    return 0x001F, 0x3707, name.encode("utf-16-le") + b"\0\0"


HIDDEN = (0x000B, 0x7FFE, b"\x01\0")


def test_winmail_dat_gives_its_files():
    inner = bytes.fromhex("0703020000000000c000000000000046") + tnef(attached(b"IN.XLS", b"in"))
    whole = tnef(
        attached(b"BAOCAO~1.XLS", XLSX, long_name(NAME)),
        attached(cp1258("Báo cáo.doc"), b"\xd0\xcf"),
        attached(b"image001.png", b"\x89PNG", HIDDEN),
        attached(b"Thu", None, (0x000D, 0x3701, inner)),
    )
    files, skipped = read(letter(("winmail.dat", whole), ("BC.pdf", b"%PDF")))
    assert files == {NAME: XLSX, "Báo cáo.doc": b"\xd0\xcf", "IN.XLS": b"in", "BC.pdf": b"%PDF"}
    assert skipped == []


def test_empty_winmail_dat_is_skipped_and_damaged_one_goes_to_reader():
    assert read(letter(("winmail.dat", tnef()))) == ({}, ["Outlook's wrapper, with no file in it"])
    damaged = bytearray(tnef(attached(b"a.xlsx", XLSX)))
    damaged[-20] ^= 1
    for broken in (bytes(damaged), bytes(damaged[:-9])):
        assert read(letter(("winmail.dat", broken))) == ({"winmail.dat": broken}, [])


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_random_winmail_dat_never_crashes(noise, at):
    good = tnef(attached(b"a.xlsx", XLSX, long_name(NAME), HIDDEN))
    endless = attribute(2, 0x00069002, b"") + attribute(2, 0x00069005, b"\xff\xff\xff\xff" + noise)
    for data in (TNEF_MAGIC + noise, good[:at] + noise + good[at + len(noise) :], tnef(endless)):
        try:
            unwrap(data)
        except NotTnefError:
            continue
