"""How the parts of an Office package find each other: relations, and the part that all begins
with."""

from __future__ import annotations

import posixpath
from functools import lru_cache

from lxml import etree

from sources.readers.packages import Package
from sources.readers.safe_xml import parse_xml

_ROUNDABOUT = (b'"./', b'"../', b"/./", b"/../", b"\\")


def main_part(package: Package, usual: str) -> str:
    """The name of the part that the package's own relations call the document; `usual` where they
    name none."""
    return part_of_kind(relations(package, ""), "officeDocument") or usual


def part_of_kind(targets: dict[str, tuple[str, str]], kind: str) -> str:
    """The first part that is related in that way, such as `styles`; "" where there is none."""
    return next((target for found, target in targets.values() if found == kind), "")


def plain_relations(package: Package, part: str) -> list[tuple[str, bytes]]:
    """The part's relations with plain targets, where some are written in a roundabout way
    (`../xl/x.xml`, `\\`)."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in package or not any(odd in package.read(rels) for odd in _ROUNDABOUT):
        return []
    root = parse_xml(package.read(rels))
    for relation in root:
        if relation.get("TargetMode") != "External":
            relation.set("Target", f"/{_path(relation.get('Target', ''), folder)}")
    return [(rels, etree.tostring(root))]


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """By its id: the last word of a relation's type, alike in transitional and strict files, and
    the part it names."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in package:
        return {}
    return _relations(package.read(rels), folder)


@lru_cache(maxsize=64)
def _relations(xml: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """Kept, since the offices of one campaign fill in the same form."""
    found = {}
    for relation in parse_xml(xml):
        path = _path(relation.get("Target", ""), folder)
        found[relation.get("Id", "")] = relation.get("Type", "").rpartition("/")[2], path
    return found


def _path(target: str, folder: str) -> str:
    target = target.replace("\\", "/")
    return posixpath.normpath(
        target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    )
