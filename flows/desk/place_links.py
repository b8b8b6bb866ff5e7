"""The addresses of places: a file as it was understood, scrolled to a cell."""

from __future__ import annotations

from urllib.parse import quote

from warehouse.reports.understood import place_id

FILE_SECTION = "da-hieu"  # the id of the part of a file's page that shows it


def place_address(submission_id: str, sheet: str | None, cell: str | None) -> str:
    """The page of the file, at that place where one is given."""
    return (
        f"/tep/{submission_id}{_asked(sheet, cell)}#{FILE_SECTION}"
        if sheet and cell
        else f"/tep/{submission_id}"
    )


def frame_address(submission_id: str, place: tuple[str, str] | None) -> str:
    """The file alone as it was understood, for a frame."""
    address = f"/tep/{submission_id}/da-hieu"
    return f"{address}{_asked(*place)}#{place_id(*place)}" if place else address


def place_asked(text: str) -> tuple[str, str] | None:
    """The sheet and ref of an address's `o`; None where it names no place."""
    sheet, _, cell = text.rpartition("!")
    return (sheet, cell) if sheet and cell else None


def _asked(sheet: str | None, cell: str | None) -> str:
    return f"?o={quote(f'{sheet}!{cell}', safe='!')}"
