"""An archive of reports: its members together are one report, in the order of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sources.grids import ARCHIVE_KINDS, Document, Grid, Paragraph, RefusedFile
from sources.readers.packages import Budget, Package
from sources.readers.refusals import broken, in_archive, printable, too_deep

_LITTER = ("__macosx", "thumbs.db", "desktop.ini")
_NO_REPORTS = (".mp3", ".mp4", ".mov", ".avi")
_PAGES = (".pdf", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp")


Read = Callable[[bytes, Budget, int], Document]
Member = tuple[str, Callable[[], Document]]  # its name, and what reads it


def read_archive(package: Package, budget: Budget, depth: int, read: Read) -> Document:
    """One document of all members, each sheet named after its member. Raises RefusedFile with the
    member's name where one cannot be read (see `add_members`)."""
    if depth >= budget.limits.archive_depth:
        raise too_deep()

    def member(name: str) -> Member:
        return name, lambda: read(package.read(name), budget, depth + 1)

    whole = Document("zip")
    names = sorted(name for name in package.members if not _is_litter(name))
    add_members(whole, [member(name) for name in names], in_archive)
    return whole


def add_members(
    whole: Document,
    members: list[Member],
    refused: Callable[[str, RefusedFile], RefusedFile],
) -> None:
    """Adds what the members hold. Sounds and films are named in `skipped`; so is a PDF or picture
    that cannot be read, beside members of other kinds: it is mostly the signed copy of one of them,
    or a photograph of a meeting.

    Raises what `refused` makes of a member's name and refusal for any other that cannot be read:
    nothing of a report may be missing unnoticed.
    """
    are_all_pages = all(name.lower().endswith(_PAGES + _NO_REPORTS) for name, _ in members)
    for name, read_member in members:
        if name.lower().endswith(_NO_REPORTS):
            whole.skipped.append(printable(name))
            continue
        try:
            member = read_member()
            if member.kind == "csv" and name.lower().endswith(_PAGES):
                raise broken()  # its first bytes are lost, and it would be read as a text
        except RefusedFile as refusal:
            is_copy = name.lower().endswith(_PAGES) and not are_all_pages
            if not is_copy or refusal.rule != "unreadable":
                raise refused(name, refusal) from refusal
            whole.skipped.append(printable(name))
            continue
        _add_member(whole, name, member)


def _add_member(whole: Document, name: str, member: Document) -> None:
    """All that one member holds, each place of it named after the member."""
    whole.blocks += _renamed(member, name)
    whole.unseen += [replace(p, part=f"{printable(name)} › {p.part}") for p in member.unseen]
    whole.macros |= member.macros
    whole.skipped += [f"{printable(name)} › {inner}" for inner in member.skipped]


def _renamed(member: Document, name: str) -> Iterator[Grid | Paragraph]:
    """The member's blocks, each naming the member: a single sheet by the member's name alone, other
    places after it."""
    only_sheet = (
        member.kind not in ARCHIVE_KINDS
        and len(member.blocks) == 1
        and member.blocks[0].__class__ is Grid
    )
    for block in member.blocks:
        if isinstance(block, Paragraph):
            block.part = f"{printable(name)} › {block.part}"
        else:
            whole = only_sheet and block.source != "table"
            block.sheet = printable(name) if whole else f"{printable(name)} › {block.sheet}"
        yield block


def _is_litter(name: str) -> bool:
    """Folders, hidden files and what Windows and macOS leave in every archive."""
    parts = name.lower().split("/")
    return name.endswith("/") or any(
        part.startswith((".", "~$")) or part in _LITTER for part in parts
    )
