"""Places of a document that pairs, findings and the front matter have claimed."""

from __future__ import annotations

from collections.abc import Collection

from sources.extraction.extract_builder import ExtractBuilder
from sources.extraction.issuer_lines import PART_SEPARATOR, FrontMatter
from sources.extraction.text_classes import TextClass


class KnownPlaces:
    """Where values of pairs were read, and where findings are already."""

    def __init__(
        self, builder: ExtractBuilder, front_matter_by_part: Collection[FrontMatter]
    ) -> None:
        extract = builder.extract
        self._front_matter = dict.fromkeys(
            ((line.sheet, line.ref) for o in front_matter_by_part for line in o.title),
            TextClass.TITLE,
        )
        self._front_matter |= {
            place: TextClass.LETTERHEAD for o in front_matter_by_part for place in o.above_title
        }
        self.values = {(fact.sheet, fact.cell) for fact in builder.pairs.values() if fact.raw}
        self.values |= {(fact.sheet, fact.cell) for fact in builder.unit_facts if fact.raw}
        if extract.unit_sheet and extract.unit_cell:
            self.values.add((extract.unit_sheet, extract.unit_cell))
        self._dropped_parts = builder.dropped_parts
        self.findings = {(finding.sheet, finding.cell) for finding in extract.findings}

    def class_at(self, sheet: str, ref: str) -> TextClass | None:
        """The class of a place that a pair or a finding has claimed."""
        if (sheet, ref) in self.values:
            return TextClass.VALUE
        return TextClass.UNREAD if self.is_reported(sheet, ref) else None

    def class_of_plain(self, sheet: str, ref: str, text_class: TextClass) -> TextClass:
        """The class of a text that is neither read nor to be read: one of a letterhead or a title
        is that."""
        plain = text_class in (TextClass.TITLE, TextClass.NOTE)
        return self._front_matter.get((sheet, ref), text_class) if plain else text_class

    def is_reported(self, sheet: str, ref: str) -> bool:
        """Whether a finding speaks of the place, or of the whole part of the file in which it
        stands."""
        return (sheet, ref) in self.findings or (
            bool(self._dropped_parts)
            and not self._dropped_parts.isdisjoint((sheet, sheet.partition(PART_SEPARATOR)[0]))
        )
