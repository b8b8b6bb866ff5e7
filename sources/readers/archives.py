"""An archive of reports: its members together are one report, in the order of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sources.grids import ARCHIVE_KINDS, Document, Grid, Paragraph, RefusedFile
from sources.readers.packages import Budget, Package
from sources.readers.refusals import in_archive, printable, too_deep

_LITTER = ("__macosx", "thumbs.db", "desktop.ini")
_NO_REPORTS = (
    ".pdf",
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".heic",
    ".webp",
    ".mp3",
    ".mp4",
    ".mov",
    ".avi",
)


Read = Callable[[bytes, Budget, int], Document]


def read_archive(package: Package, budget: Budget, depth: int, read: Read) -> Document:
    """One document of all members, each sheet named after its member; pictures and the like are
    named in `skipped`.

    Raises RefusedFile with the member's name where one cannot be read: nothing of a report may be
    missing unnoticed.
    """
    if depth >= budget.limits.archive_depth:
        raise too_deep()
    whole = Document("zip")
    for name in sorted(n for n in package.members if not _is_litter(n)):
        if is_skipped(name):
            whole.skipped.append(printable(name))
            continue
        try:
            member = read(package.read(name), budget, depth + 1)
        except RefusedFile as refusal:
            raise in_archive(name, refusal) from refusal
        add_member(whole, name, member)
    return whole


def is_skipped(name: str) -> bool:
    """Whether a member is no report by its name, such as a picture."""
    return name.lower().endswith(_NO_REPORTS)


def add_member(whole: Document, name: str, member: Document) -> None:
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
