"""Headers that name several fields at once: `Số đảng viên dự/Tổng số đảng viên`, `Nội dung sinh
hoạt`."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.label_forms import label_forms
from sources.extraction.section_labels import SectionLabels
from sources.form import FormField
from sources.text import fold

_SEPARATORS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\s*/\s*",
        r"\s*\n\s*",
        r"\s*[;+&]\s*",
        r"\s*[-–]\s*",
        r"\s+và\s+",
        r"\W*\s(?=đến\s)",
        r"\s*,\s*",
    )
)
_GROUP_AND_PARTS = re.compile(r"(?P<group>[^()]+)\((?P<parts>[^()]+)\)\s*")
_MAX_PARTS, _MAX_LABEL_LETTERS = 4, 120


@lru_cache(maxsize=4096)
def combined_fields(path: tuple[str, ...], labels: SectionLabels) -> tuple[FormField, ...]:
    """The fields of one type that a header names together, in their order; none where it does not
    name two at least."""
    if not path or len(path[-1]) > _MAX_LABEL_LETTERS:
        return ()
    fields = _fields_of(path, labels)
    return fields if len(fields) > 1 and len({field.type for field in fields}) == 1 else ()


def spans_days(text: str, labels: SectionLabels) -> bool:
    """Whether a header would span the first and the last day, and does not say so: `Thời gian tổ
    chức`."""
    return any(
        f.type == "date" for f in _whole_group(text, labels)
    ) and not _GROUP_AND_PARTS.fullmatch(text)


def _fields_of(path: tuple[str, ...], labels: SectionLabels) -> tuple[FormField, ...]:
    group, text = (path[-2] if len(path) > 1 else ""), path[-1]
    named = _parts_of(text, group, labels)
    if not named and (inner := _GROUP_AND_PARTS.fullmatch(text)):
        named = _parts_of(inner["parts"], inner["group"], labels) or _parts_of(
            inner["group"], group, labels
        )
    return tuple(labels.section.by_key[key] for key in named) or _whole_group(text, labels)


def _parts_of(text: str, group: str, labels: SectionLabels) -> tuple[str, ...]:
    for separator in _SEPARATORS:
        pieces = [piece for piece in separator.split(text.strip(" .…")) if piece.strip()]
        if 1 < len(pieces) <= _MAX_PARTS:
            keys = [_key_of(piece, group, labels) for piece in pieces]
            known = {key for key in keys if key}
            keys = [
                key or _key_beside(piece, known, labels)
                for key, piece in zip(keys, pieces, strict=True)
            ]
            if None not in keys and len(set(keys)) == len(keys):
                return tuple(key for key in keys if key)
    return ()


def _key_of(piece: str, group: str, labels: SectionLabels) -> str | None:
    return (labels.under(group, piece) if group else None) or labels.find(piece)


def _key_beside(piece: str, known: set[str], labels: SectionLabels) -> str | None:
    """The field that a part names as it would under the header that it shares with another part:
    `Số ĐV dự/tổng số`."""
    groups = {fold(group) for key in known for group in labels.section.by_key[key].group}
    keys = {
        key
        for (group, under), key in labels.grouped.items()
        if group in groups and under == fold(piece)
    } - known
    return keys.pop() if len(keys) == 1 else None


def _whole_group(text: str, labels: SectionLabels) -> tuple[FormField, ...]:
    """The fields over which the header would span: `Nội dung sinh hoạt`, `Thời gian`."""
    fields = tuple(
        f
        for f in labels.section.fields
        if not set(label_forms(text)).isdisjoint(map(fold, f.group))
    )
    return (
        fields
        if fields and len({f.type for f in fields}) == 1 and fields[0].type in ("mark", "date")
        else ()
    )
