"""Rows of a correction: each holds the name of a row and the values that are corrected, and nothing
else."""

from __future__ import annotations

from collections.abc import Callable

from sources.extraction.extract_builder import ExtractBuilder
from sources.extraction.facts import Fact
from sources.form import FormField, Section

Place = tuple[str, str]  # a sheet and a ref


class CorrectedRows:
    """Adds corrected values to the extract, those of one name to one row.

    `name_key` makes the key by which names are compared.
    """

    def __init__(self, builder: ExtractBuilder, name_key: Callable[[str], str]) -> None:
        self._builder, self._name_key = builder, name_key
        self._rows: dict[tuple[str, str], int] = {}

    def add(
        self,
        section: Section,
        name: str,
        field: FormField,
        value: str,
        raw: str,
        *,
        place: Place,
        name_place: Place,
    ) -> int:
        """Adds a value, and the name where it is new; returns the number of the row."""
        key, facts = (section.key, self._name_key(name)), self._builder.extract.facts
        if key not in self._rows:
            self._rows[key] = self._builder.next_row(section)
            facts.append(
                Fact(section.key, self._rows[key], section.row_key[0], name, name, *name_place)
            )
        facts.append(Fact(section.key, self._rows[key], field.key, value, raw, *place))
        return self._rows[key]
