"""PDF files: letters, rules and pictures of their pages, taken from PDFium, made paragraphs and
grids as a Word file's.

`read_pdf` is all that others need; `import_engines` loads what is heavy, before a process is
confined. Nothing here knows of units or labels. The way of a page: `glyphs` and `drawings` say what
stands on it, `rendered` and `letter_shapes` whether that is what is seen, `ruled` and `table_cells`
make tables, `lines` and `paragraphs` text; `whole_tables` and `document` put pages together.
"""

from __future__ import annotations

from sources.campaigns import Limits
from sources.grids import Document
from sources.readers.refusals import extra_missing


def read_pdf(data: bytes, limits: Limits, *, reads_scans: bool = True) -> Document:
    """The file's tables and paragraphs in reading order. Raises RefusedFile, also where the extra
    `pdf` is not installed, and for scanned pages where those are not to be read."""
    try:
        from sources.readers.pdf.document import read_pdf as read
    except ImportError as error:
        if error.name not in ("numpy", "pypdfium2"):
            raise
        raise extra_missing("tệp PDF", "tonghop[pdf]") from None
    except PermissionError:  # this process may load no libraries any more
        raise extra_missing("tệp PDF", "tonghop[pdf]") from None
    return read(data, limits, reads_scans=reads_scans)


def import_engines() -> None:
    """Loads PDFium and the shapes of letters, so that a process which may open no files any more
    can read PDF files."""
    from sources.readers.pdf import document  # noqa: F401
    from sources.readers.pdf.letter_shapes import letter_templates

    letter_templates()
