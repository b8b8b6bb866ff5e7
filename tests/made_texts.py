"""Generated reports as texts of marks, written by hand as Word, LibreOffice and web programs write
them."""

from __future__ import annotations

from made_books import Book, Sheet


def rtf_text(text: str) -> str:
    """A text with its letters beyond ASCII as Word writes them."""
    out = ""
    for letter in text:
        if letter in "\\{}":
            out += f"\\{letter}"
        elif letter == "\n":
            out += "\\line "
        elif ord(letter) < 128:
            out += letter
        else:
            packed = letter.encode("utf-16-le")
            for n in range(0, len(packed), 2):
                number = int.from_bytes(packed[n : n + 2], "little")
                out += f"\\u{number - 65536 if number > 32767 else number}?"
    return out


def rtf(body: str, fonts: str = r"{\f0\froman\fcharset0 Times New Roman;}") -> bytes:
    """An rtf of that body."""
    head = r"{\rtf1\ansi\ansicpg1252\uc1\deff0{\fonttbl" + fonts + "}"
    return f"{head}\n{body}}}".encode("cp1252")


def rtf_of(book: Book) -> bytes:
    """Each sheet as a table, as in Word, with a paragraph between."""
    return rtf("".join(_rtf_table(sheet) + "\\pard\\plain\\par\n" for sheet in book.sheets))


def _rtf_table(sheet: Sheet) -> str:
    rows = sheet.rows()
    marks: dict[tuple[int, int], str] = {}
    for top, left, bottom, right in sheet.merged:
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                down = "" if bottom == top else "\\clvmgf" if r == top else "\\clvmrg"
                across = "" if left == right else "\\clmgf" if c == left else "\\clmrg"
                marks[r, c] = down + across
    out = ""
    for r, row in enumerate(rows):
        ends = "".join(f"{marks.get((r, c), '')}\\cellx{1000 * (c + 1)}" for c in range(len(row)))
        cells = "".join(
            f"\\pard\\plain\\intbl\\f0 {rtf_text('' if v is None else str(v))}\\cell\n" for v in row
        )
        out += f"\\trowd\\trgaph108\\trleft0{ends}\n{cells}\\trowd\\trleft0{ends}\\row\n"
    return out
