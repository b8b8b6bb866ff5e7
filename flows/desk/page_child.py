"""The process that makes pictures of a PDF's pages: `python -m flows.desk.page_child PDF FOLDER`, which
writes `1.png`, `2.png`, … Its library is not to be used from several threads, as the desk has."""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2

from sources.children.picture_child import page_picture

MAX_PAGES = 200


def main() -> None:
    """Writes a picture of each page."""
    data, folder = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
    for number in range(1, min(len(pypdfium2.PdfDocument(data)), MAX_PAGES) + 1):
        page_picture(data, number).save(folder / f"{number}.png", optimize=False)


if __name__ == "__main__":
    main()
