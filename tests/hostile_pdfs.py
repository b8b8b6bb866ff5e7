"""PDF files that attack their reader."""

from __future__ import annotations

import zlib
from random import Random

from pdf_files import page_of, raw_pdf, stream

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>"
IMAGE = b"/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"


def hostile_pdf(rng: Random) -> bytes:
    """One of the PDF files that no program writes."""
    return rng.choice(KINDS)()


def _pages_in_a_circle() -> bytes:
    return raw_pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>")


def _forms_in_a_circle() -> bytes:
    form = stream(b"/X Do /X Do", b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>")
    return raw_pdf(CATALOG, PAGES, PAGE % b"/XObject<</X 5 0 R>>", stream(b"/X Do"), form)


def _forms_that_double() -> bytes:
    """Each form draws the next one ten times."""
    forms = [
        stream(
            b"/X Do " * 10,
            b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (number + 1),
        )
        for number in range(5, 14)
    ]
    last = stream(b"0 0 m 9 9 l S", b"/Subtype/Form/BBox[0 0 9 9]")
    return raw_pdf(CATALOG, PAGES, PAGE % b"/XObject<</X 5 0 R>>", stream(b"/X Do"), *forms, last)


def _huge_page() -> bytes:
    return page_of(b"BT /F1 9 Tf (a) Tj ET", box=b"-9999999 -9999999 9999999 9999999")


def _many_objects() -> bytes:
    return page_of(b"0 0 m 9 9 l S\n" * 1_000_000, packed=True)


def _many_letters() -> bytes:
    return page_of(b"BT /F1 9 Tf " + b"(aaaaaaaaaa) Tj " * 50_000 + b" ET", packed=True)


def _bomb() -> bytes:
    return page_of(b" " * (150 << 20), packed=True)


def _bomb_in_a_bomb() -> bytes:
    packed = zlib.compress(zlib.compress(bytes(200 << 20), 9), 9)
    content = stream(packed, b"/Filter[/FlateDecode/FlateDecode]")
    return raw_pdf(CATALOG, PAGES, PAGE % b"", content)


def _huge_image() -> bytes:
    image = stream(b"\0", IMAGE % (50_000, 50_000), packed=True)
    return raw_pdf(
        CATALOG, PAGES, PAGE % b"/XObject<</X 5 0 R>>", stream(b"9 0 0 9 0 0 cm /X Do"), image
    )


def _broken_image_of(kind: bytes) -> bytes:
    image = stream(
        b"\xff\x4f\xff\x51" + bytes(range(256)) * 40, IMAGE % (900, 900) + b"/Filter/" + kind
    )
    content = stream(b"595 0 0 842 0 0 cm /X Do")
    return raw_pdf(CATALOG, PAGES, PAGE % b"/XObject<</X 5 0 R>>", content, image)


def _broken_jpx() -> bytes:
    return _broken_image_of(b"JPXDecode")


def _broken_jbig2() -> bytes:
    return _broken_image_of(b"JBIG2Decode")


def _broken_jpeg() -> bytes:
    return _broken_image_of(b"DCTDecode")


def _encrypted() -> bytes:
    return raw_pdf(
        CATALOG,
        PAGES,
        PAGE % b"",
        stream(b""),
        b"<</Filter/Standard/V 2/R 3/Length 128/P -1/O<%s>/U<%s>>>" % (b"ab" * 32, b"cd" * 32),
        trailer=b"/Encrypt 5 0 R/ID[<00><00>]",
    )


KINDS = (
    _pages_in_a_circle,
    _forms_in_a_circle,
    _forms_that_double,
    _huge_page,
    _many_objects,
    _many_letters,
    _bomb,
    _bomb_in_a_bomb,
    _huge_image,
    _broken_jpx,
    _broken_jbig2,
    _broken_jpeg,
    _encrypted,
)
