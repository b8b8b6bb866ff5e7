"""What a file is, by its bytes: a name lies, or has been changed so that a mail gateway lets
it through."""

from __future__ import annotations

import io
import re
import struct
from functools import lru_cache
from typing import Union

import olefile

from sources.grids import FileKind
from sources.readers import outlook
from sources.readers.packages import Budget, Package
from sources.readers.refusals import broken, empty, encrypted, names_twice, other_format, other_kind
from sources.readers.safe_xml import attribute, parse_xml
from sources.readers.scans.refusals import phone_format
from sources.readers.text_kinds import head_of, kind_of_text

_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_MAIN_PARTS: dict[str, FileKind] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": "xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": "xlsm",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": "xlsm",
    "application/vnd.ms-excel.addin.macroEnabled.main+xml": "xlsm",
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main": "xlsb",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": "docx",
    "application/vnd.ms-word.document.macroEnabled.main+xml": "docm",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": "docm",
}

_MAX_BEFORE_PDF = 1024  # bytes before a PDF's magic, which mail gateways leave there

_PICTURE_MAGICS = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")
_PHONE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_MAGICS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "ảnh GIF"),
    (b"RIFF", "tệp ảnh hoặc âm thanh"),
    (b"Rar!\x1a\x07", "tệp nén RAR"),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén GZIP"),
    (b"BZh", "tệp nén BZIP2"),
    (b"\xfd7zXZ", "tệp nén XZ"),
    (b"MZ", "chương trình chạy được"),
    (b"\x7fELF", "chương trình chạy được"),
    (b"ID3", "tệp âm thanh"),
    (b"8BPS", "ảnh Photoshop"),
    (b"\x78\x9f\x3e\x22", "thư Outlook"),
)
_TEXT_MAGICS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"<\?xml\b"), "tệp XML"),
    (
        re.compile(rb"mime-version:|content-type:\s*multipart/", re.I),
        "trang web hoặc thư điện tử lưu thành một tệp",
    ),
)


Opened = Union[Package, "olefile.OleFileIO[str]", None]


def kind_of(data: bytes, budget: Budget) -> tuple[FileKind, Opened]:
    """What kind of file the bytes are, with the package or container that it is. Raises RefusedFile
    for kinds that nothing reads.
    """
    if data.startswith(_ZIP_MAGICS):
        package = Package(data, budget)
        return _kind_of_package(package), package
    if data.startswith(olefile.MAGIC):
        container = _open_container(data)
        return _kind_of_container(container), container
    if is_pdf(data):
        return "pdf", None
    if any(data.startswith(m) and not _is_text_after(m, data) for m in _PICTURE_MAGICS):
        return "scan", None
    kind = kind_of_text(data)
    if kind is None:
        _refuse_other_kinds(data)
    return kind or "csv", None


def is_pdf(data: bytes) -> bool:
    """Whether a PDF begins in the first bytes: mail gateways leave lines before it."""
    return b"%PDF-" in data[:_MAX_BEFORE_PDF]


def has_macros(opened: Opened) -> bool:
    """Whether an Excel file's package holds code, which nothing here runs."""
    names = opened.members if isinstance(opened, Package) else ()
    return any(name.endswith("vbaProject.bin") or "/macrosheets/" in name for name in names)


def _kind_of_package(package: Package) -> FileKind:
    """The kind of a zip file: by its main part's content type, an ods by its mimetype, else an
    archive (`zip`).

    Raises RefusedFile (unreadable) for Office files of other programs.
    """
    if "[Content_Types].xml" in package:
        return _office_kind(package)
    if "mimetype" in package:
        return _open_document_kind(
            package.read("mimetype").decode("ascii", errors="replace").strip()
        )
    if "Index/Document.iwa" in package or "Index.zip" in package:
        raise other_kind("tệp của phần mềm Apple iWork")
    return "zip"


def _open_container(data: bytes) -> olefile.OleFileIO[str]:
    try:
        return olefile.OleFileIO(io.BytesIO(data))
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise broken() from error


def _kind_of_container(container: olefile.OleFileIO[str]) -> FileKind:
    """The kind of a compound file. Raises RefusedFile (unreadable) where it is encrypted, or neither a
    message nor a workbook nor a Word file."""
    if container.exists(outlook.PROPERTIES):
        return "msg"
    if container.exists("EncryptedPackage") or container.exists("EncryptionInfo"):
        raise encrypted()
    if container.exists("Workbook") or container.exists("Book"):
        return "xls"
    if container.exists("WordDocument"):
        return "doc"
    slides = container.exists("PowerPoint Document")
    raise other_kind(
        "tệp PowerPoint" if slides else "tệp Office kiểu cũ không phải bảng tính hay văn bản"
    )


def _refuse_other_kinds(data: bytes) -> None:
    """Raises RefusedFile (unreadable) where the bytes are no workbook, Word file, archive or plain
    text."""
    if not data.strip(b"\0 \t\r\n"):
        raise empty()
    for magic, what in _MAGICS:
        if data.startswith(magic) and not _is_text_after(magic, data):
            raise other_kind(what)
    if data[4:8] == b"ftyp":
        if data[8:12] in _PHONE_BRANDS:
            raise phone_format()
        raise other_kind("ảnh hoặc phim chụp từ điện thoại")
    if data[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04") and data[2:4] in (
        b"\x04\x00",
        b"\x06\x00",
    ):
        raise other_format("bảng tính của bản Excel quá cũ")
    head = head_of(data)
    for pattern, what in _TEXT_MAGICS:
        if pattern.match(head):
            raise other_format(what)


def _office_kind(package: Package) -> FileKind:
    if package.has_names_alike():
        raise names_twice()
    found = _content_types(package.read("[Content_Types].xml"))
    kinds = [_MAIN_PARTS[content_type] for content_type in found if content_type in _MAIN_PARTS]
    if kinds:
        return kinds[0]
    if any(
        "presentationml" in content_type or "ms-powerpoint" in content_type
        for content_type in found
    ):
        raise other_kind("tệp trình chiếu PowerPoint")
    if any("visio" in content_type for content_type in found):
        raise other_kind("bản vẽ Visio")
    raise broken()


@lru_cache(maxsize=64)
def _content_types(xml: bytes) -> tuple[str, ...]:
    """Kept, since one program writes the same for most files."""
    return tuple(attribute(entry, "ContentType") or "" for entry in parse_xml(xml))


def _open_document_kind(mimetype: str) -> FileKind:
    if mimetype.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if mimetype.startswith("application/vnd.oasis.opendocument.text"):
        return "odt"
    raise other_kind("tệp OpenDocument không phải bảng tính")


def _is_text_after(magic: bytes, data: bytes) -> bool:
    """Whether a magic of plain letters merely begins a text: a csv may well start with "BM" or
    "MZ"."""
    return magic.isalnum() and len(magic) <= 4 and b"\0" not in data[:512]
