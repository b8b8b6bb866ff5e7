"""Why a file is not read, in the words that its unit gets: what is wrong with it, and what to
do."""

from __future__ import annotations

from sources.campaigns import Limits
from sources.grids import RefusedFile

_RESAVE = "lưu lại dạng Excel (.xlsx) hoặc Word (.docx) rồi gửi lại"
_SEND_ORIGINAL = "gửi tệp Word hoặc Excel gốc"


def broken() -> RefusedFile:
    """A file that is cut off or damaged."""
    return unreadable(
        "Tệp bị hỏng hoặc gửi chưa trọn vẹn, không mở được; đề nghị mở lại tệp gốc, lưu lại "
        "rồi gửi lại."
    )


def empty() -> RefusedFile:
    """A file without any content."""
    return unreadable(
        "Tệp rỗng, không có nội dung nào đọc được; đề nghị kiểm tra và gửi lại báo cáo."
    )


def encrypted() -> RefusedFile:
    """A file with a password."""
    return unreadable("Tệp có đặt mật khẩu nên không đọc được; đề nghị gỡ mật khẩu rồi gửi lại.")


def unknown_encoding() -> RefusedFile:
    """A file whose text is in an encoding of the time before Unicode that is not read."""
    return unreadable(
        "Chữ trong tệp viết bằng bảng mã cũ (như VPS, VISCII) không đọc được; đề nghị chuyển chữ "
        "sang bảng mã Unicode (Unikey: Ctrl+Shift+F6), kiểm tra lại rồi gửi lại."
    )


def other_kind(what: str) -> RefusedFile:
    """A file that is no report at all, such as a picture."""
    return unreadable(
        f"Đây là {what}, không phải tệp báo cáo đọc được; đề nghị gửi báo cáo dạng Excel (.xlsx) "
        f"hoặc Word (.docx)."
    )


def other_format(what: str) -> RefusedFile:
    """A file that may well hold a report, in a form that is not read."""
    return unreadable(
        f"Tệp là {what}, không đọc được; đề nghị mở bằng Word, Excel hoặc LibreOffice, {_RESAVE}."
    )


def extra_missing(what: str, part: str) -> RefusedFile:
    """A file of a kind that only `part` reads, which is not installed here: an extra of this program,
    or a program that it needs."""
    return unreadable(
        f"Tệp là {what}; máy tổng hợp này chưa cài phần đọc loại tệp đó (người vận hành cài thêm: "
        f"{part}); đề nghị gửi báo cáo dạng Excel (.xlsx) hoặc Word (.docx)."
    )


def unknown_kind() -> RefusedFile:
    """A file of unknown type."""
    return unreadable(
        "Không nhận ra loại tệp; đề nghị gửi báo cáo dạng Excel (.xlsx) hoặc Word (.docx)."
    )


def too_large(limits: Limits) -> RefusedFile:
    """A file of more bytes than any report has."""
    return unreadable(
        f"Tệp lớn hơn {limits.file_bytes >> 20} MB; đề nghị bỏ ảnh và phần thừa rồi gửi lại."
    )


def message_too_much(limits: Limits) -> RefusedFile:
    """A message that its channel did not open: too large, too many files, messages one in another
    without end."""
    return unreadable(
        f"Thư quá lớn, có quá nhiều tệp hoặc lồng quá nhiều lớp nên không mở; đề nghị gửi lại trong thư "
        f"mới, chỉ kèm tệp báo cáo, mỗi tệp không quá {limits.file_bytes >> 20} MB."
    )


def too_much(limits: Limits) -> RefusedFile:
    """A table larger than any report's."""
    return unreadable(
        f"Bảng quá lớn so với một báo cáo (quá {limits.rows} dòng hoặc {limits.cells} ô có dữ liệu); "
        f"đề nghị chỉ gửi phần báo cáo theo mẫu."
    )


def too_many_rows(title: str, rows: int, limits: Limits) -> RefusedFile:
    """A table of the form with more rows than any unit has."""
    return unreadable(
        f"Bảng “{title}” có {rows} dòng, quá {limits.table_rows} dòng nên không phải báo cáo của một "
        f"đơn vị; đề nghị chỉ gửi phần báo cáo theo mẫu."
    )


def too_many_findings(limits: Limits) -> RefusedFile:
    """A file in which far more is wrong than anybody could put right."""
    return unreadable(
        f"Tệp có quá {limits.findings} chỗ không hiểu được; đề nghị nhập báo cáo vào mẫu rồi gửi lại."
    )


def too_much_merged(limits: Limits) -> RefusedFile:
    """Merged ranges that cover more than all that may be filled, as only ranges one over another
    do."""
    return unreadable(
        f"Các ô gộp phủ quá {limits.cells} ô, chồng lên nhau; đề nghị bỏ gộp ô, {_RESAVE}."
    )


def too_many_sheets(limits: Limits) -> RefusedFile:
    """A workbook of more sheets than any report has."""
    return unreadable(
        f"Tệp có quá {limits.sheets} trang tính; đề nghị chỉ gửi phần báo cáo theo mẫu."
    )


def too_far(ref: str) -> RefusedFile:
    """A sheet with something in a cell far away from all else."""
    return unreadable(
        f"Bảng tính có dữ liệu ở rất xa bảng báo cáo (đến ô {ref}); đề nghị xóa các ô thừa rồi gửi lại."
    )


def odd_packing() -> RefusedFile:
    """A zip packed in a way that only some programs know."""
    return unreadable(
        "Tệp nén theo kiểu không thông dụng; đề nghị nén lại thành .zip thông thường hoặc gửi từng tệp."
    )


def names_twice() -> RefusedFile:
    """A zip with two members of one name."""
    return unreadable("Tệp nén có hai tệp con trùng tên; đề nghị nén lại rồi gửi lại.")


def bomb(how: str) -> RefusedFile:
    """A zip made to fill the memory or the disk."""
    return RefusedFile(
        "unsafe",
        f"Tệp nén bất thường ({how}), không mở để bảo đảm an toàn; "
        f"đề nghị lưu lại tệp báo cáo rồi gửi lại.",
    )


def path_trick(name: str) -> RefusedFile:
    """A zip with a member that wants to be written elsewhere."""
    return RefusedFile(
        "unsafe",
        f"Tệp nén chứa đường dẫn không an toàn ({printable(name)}); "
        f"đề nghị nén lại riêng các tệp báo cáo rồi gửi lại.",
    )


def too_deep() -> RefusedFile:
    """Archives within archives."""
    return RefusedFile(
        "unsafe", "Tệp nén lồng trong tệp nén quá nhiều lớp; đề nghị gửi trực tiếp các tệp báo cáo."
    )


def document_type() -> RefusedFile:
    """XML that declares a document type, which no Office program writes."""
    return RefusedFile(
        "unsafe",
        "Tệp chứa khai báo XML (DTD) không an toàn; đề nghị mở bằng Word hoặc Excel, "
        "lưu lại rồi gửi lại.",
    )


def form_of_program() -> RefusedFile:
    """A PDF whose pages a program of one maker alone draws (XFA)."""
    return unreadable(
        "Tệp PDF là biểu mẫu động (XFA), không có trang để đọc; đề nghị in ra tệp PDF thường hoặc gửi tệp "
        "Word, Excel gốc."
    )


def page_size() -> RefusedFile:
    """A page of a size that no printer has."""
    return unreadable(f"Tệp PDF có trang khổ giấy bất thường; đề nghị {_SEND_ORIGINAL}.")


def too_many_pages(pages: int, most: int) -> RefusedFile:
    """More pages than any report has."""
    return unreadable(
        f"Tệp PDF có {pages} trang, quá {most} trang; đề nghị chỉ gửi phần báo cáo theo mẫu."
    )


def too_many_objects() -> RefusedFile:
    """A PDF with more letters, lines or pictures than any report has."""
    return unreadable(
        f"Tệp PDF có trang quá nhiều chi tiết so với một báo cáo; đề nghị {_SEND_ORIGINAL}."
    )


def scanned(page: int) -> RefusedFile:
    """A page that is a picture, where nothing reads pictures."""
    return unreadable(
        f"Trang {page} của tệp PDF là bản quét hoặc ảnh chụp, không đọc được chữ; đề nghị gửi tệp Word hoặc "
        f"Excel gốc."
    )


def untrusted_text(page: int) -> RefusedFile:
    """A page whose text is not what is seen on it, where nothing reads pictures."""
    return unreadable(
        f"Trang {page} của tệp PDF có phông chữ hoặc lớp chữ không khớp với hình in ra nên số liệu không "
        f"chắc chắn; đề nghị {_SEND_ORIGINAL}."
    )


def table_without_rules(page: int) -> RefusedFile:
    """A table whose cells no lines part."""
    return unreadable(
        f"Trang {page} của tệp PDF có bảng không kẻ khung hoặc kẻ thiếu nên không biết chắc số nào thuộc ô nào; "
        f"đề nghị kẻ đủ đường viền hoặc gửi tệp Word, Excel gốc."
    )


def overflowing_text(page: int) -> RefusedFile:
    """A table in which a text lies over several cells."""
    return unreadable(
        f"Trang {page} của tệp PDF có chữ tràn qua đường kẻ nên không biết chắc thuộc ô nào; đề nghị "
        f"{_SEND_ORIGINAL}."
    )


def columns_over_pages(page: int, other: int) -> RefusedFile:
    """A table too wide for its paper, whose last columns are on another page."""
    return unreadable(
        f"Bảng ở trang {page} của tệp PDF bị tách cột sang trang {other}; đề nghị {_SEND_ORIGINAL}."
    )


def row_over_pages(page: int) -> RefusedFile:
    """A row or merged cell that a page's end cuts, of which nobody can say how it goes on."""
    return unreadable(
        f"Cuối trang {page} của tệp PDF, bảng bị ngắt giữa dòng hoặc giữa ô gộp nên không chắc số liệu; đề nghị "
        f"{_SEND_ORIGINAL}."
    )


def form_fields(page: int) -> RefusedFile:
    """A page with filled-in fields that it does not show as text."""
    return unreadable(
        f"Trang {page} của tệp PDF có ô điền (biểu mẫu) không đọc được; đề nghị in lại thành tệp PDF thường "
        f"hoặc gửi tệp Word, Excel gốc."
    )


def pdf_bomb(how: str) -> RefusedFile:
    """A PDF made to fill the memory."""
    return RefusedFile(
        "unsafe",
        f"Tệp PDF bất thường ({how}), không mở để bảo đảm an toàn; đề nghị {_SEND_ORIGINAL}.",
    )


def in_archive(name: str, refusal: RefusedFile) -> RefusedFile:
    """The refusal of an archive for one of its members."""
    return RefusedFile(refusal.rule, f"Trong tệp nén, tệp “{printable(name)}”: {refusal}")


def in_message(name: str, refusal: RefusedFile) -> RefusedFile:
    """The refusal of a message for one of its attachments."""
    return RefusedFile(refusal.rule, f"Trong thư, tệp kèm “{printable(name)}”: {refusal}")


def scan_in_archive() -> RefusedFile:
    """A scan or photograph in an archive or message."""
    return unreadable(
        "Bản quét, ảnh chụp nằm trong tệp nén hoặc tệp thư không được đọc; đề nghị gửi riêng tệp này (không "
        "nén), hoặc gửi tệp Word, Excel gốc của báo cáo."
    )


def no_attachment() -> RefusedFile:
    """A message without a file that holds anything of a report."""
    return unreadable(
        "Thư không kèm tệp báo cáo nào đọc được; nếu báo cáo viết ngay trong thư, đề nghị chép vào tệp "
        "Word (.docx) hoặc Excel (.xlsx) rồi gửi tệp đó."
    )


def printable(text: str) -> str:
    """The text without what cannot be shown or written as UTF-8, at most 120 characters of it."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return shown if len(shown) <= 120 else shown[:119] + "…"


def unreadable(reason: str) -> RefusedFile:
    """A file that cannot be read, for that reason."""
    return RefusedFile("unreadable", reason)
