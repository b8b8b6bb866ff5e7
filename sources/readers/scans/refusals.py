"""Why a scan or photograph is not read, in the words that its unit gets."""

from __future__ import annotations

from sources.grids import RefusedFile
from sources.readers.refusals import unreadable

_SCAN_AGAIN = (
    "đề nghị quét lại ở 300 dpi (trang thẳng, phẳng, không bóng tối) "
    "hoặc gửi tệp Word, Excel gốc của báo cáo."
)


def resolution_too_low(page: int) -> RefusedFile:
    """A page of so few pixels that its digits cannot be told apart."""
    return unreadable(
        f"Trang {page} của bản quét hoặc ảnh chụp quá mờ (dưới 120 dpi); {_SCAN_AGAIN}"
    )


def grid_not_whole(page: int) -> RefusedFile:
    """A table whose rules are broken or bent, so that it is unclear which cell is which."""
    return unreadable(
        f"Trang {page}: các đường kẻ của bảng bị đứt, cong hoặc che khuất nên không xác định chắc được "
        f"các ô; {_SCAN_AGAIN}"
    )


def too_much_ink(page: int) -> RefusedFile:
    """A page with more specks, lines or cells than anybody writes: a picture, or noise."""
    return unreadable(
        f"Trang {page} có quá nhiều vết, nét hoặc ô so với một trang báo cáo nên không đọc; {_SCAN_AGAIN}"
    )


def unreadable_words(page: int) -> RefusedFile:
    """A page whose words cannot be read, whichever way it is turned: nor are its digits sure."""
    return unreadable(
        f"Trang {page} của bản quét hoặc ảnh chụp không rõ nét nên không đọc được chữ; {_SCAN_AGAIN}"
    )


def no_text_found() -> RefusedFile:
    """A picture of something else, or of a page that is empty."""
    return unreadable(f"Không thấy chữ nào đọc được trong bản quét hoặc ảnh chụp; {_SCAN_AGAIN}")


def too_many_pixels() -> RefusedFile:
    """A picture larger than any page is scanned."""
    return unreadable(f"Ảnh quá lớn so với một trang giấy; {_SCAN_AGAIN}")


def too_many_pages(limit: int) -> RefusedFile:
    """A scan of more pages than any report has."""
    return unreadable(
        f"Bản quét có quá {limit} trang; đề nghị chỉ gửi các trang báo cáo theo mẫu, "
        f"hoặc gửi tệp Word, Excel gốc của báo cáo."
    )


def animated() -> RefusedFile:
    """A picture that moves: which of its frames is the page?"""
    return unreadable(f"Ảnh động không phải là bản quét của báo cáo; {_SCAN_AGAIN}")


def phone_format() -> RefusedFile:
    """A telephone's own format of pictures."""
    return unreadable(
        "Đây là ảnh HEIC của điện thoại, không đọc được; đề nghị lưu lại thành JPG rồi gửi, "
        "hoặc gửi tệp Word, Excel gốc của báo cáo."
    )
