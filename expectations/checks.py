"""What a rule is: its entry in rules.toml, and the checks that the form makes of it."""

from __future__ import annotations

import dataclasses
from typing import Literal

from pydantic import Field

from sources.declared_model import Declared
from sources.form import FormField

Over = Literal[
    "typed",
    "required_field",
    "held_date",
    "window_field",
    "window_received",
    "window_order",
    "signed",
    "limit",
    "attendance",
    "expected_limit",
    "parts",
    "expected",
    "expected_once",
    "row_key",
    "own_line",
    "from_rows",
    "from_other_file",
    "compared",
    "required_section",
    "submission",
    "likely_max",
    "peers",
    "own_rows",
    "peer_shares",
    "all_of_limit",
    "register",
    "copied_rows",
    "asked",
]


class RuleEntry(Declared):
    """A rule as declared in rules.toml, where the comment at the top explains each key."""

    rule: str
    over: Over
    expectation: str
    options: dict[str, str | bool | list[str | bool]]
    message: str
    types: tuple[str, ...] = ()
    where: str | None = None
    unless: tuple[str, ...] = ()
    shows: dict[str, str] = Field(default_factory=dict)
    place: str | None = None
    numbers: dict[str, int] = Field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One expectation on one frame, and how a failing row of it becomes a finding.

    frame        the frame that it is run on: a section of the form, `submission`, `sources`, `files`, `register`,
                 `copies`, or a section's `units_<section>` or `peers_<section>`
    section      the finding's section and field; for `typed` checks the fields are listed in the failing column
    options      the expectation's arguments, filled in
    where        the frame's boolean column that must be true for the check to be made
    placeholders what the message's placeholders stand for, the same for each row
    by_field     the same by field, for `typed` checks
    shows        the frame's columns that the other placeholders show
    value, sheet, cell   the frame's columns that hold the finding's place, where it is not a fact's
    at           the frame's column with the submission's position
    place_row    the frame's column with the row whose cell is named; `of_row` whether the finding is about that row
    name         of a campaign's own rule: its name for people
    condition    of a campaign's own rule: the SQL of the column that is checked
    """

    rule: str
    frame: str
    section: str | None
    field: str | None
    expectation: str
    options: dict[str, object]
    message: str
    where: str | None = None
    placeholders: dict[str, str] = dataclasses.field(default_factory=dict)
    by_field: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    shows: dict[str, str] = dataclasses.field(default_factory=dict)
    value: str | None = None
    sheet: str | None = None
    cell: str | None = None
    at: str = "position"
    place_row: str | None = "row"
    of_row: bool = True
    name: str | None = None
    condition: str | None = None

    @property
    def column(self) -> str | None:
        """The column that lists the fields, for `typed` checks."""
        return str(self.options["column"]) if self.by_field else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The frame's columns that the check needs."""
        named = [v for k, v in self.options.items() if k in ("column", "column_A", "column_B")]
        column_list = self.options.get("column_list")
        named += [
            *(column_list if isinstance(column_list, list) else ()),
            self.where,
            self.value,
            self.sheet,
            self.cell,
            self.at,
            self.place_row,
            *self.shows.values(),
        ]
        return tuple(dict.fromkeys(str(n) for n in named if n))


def in_sentence(label: str) -> str:
    """A label within a sentence: its first letter small, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def field_placeholders(field_: FormField) -> dict[str, str]:
    """The placeholders that speak of a field: its label, at the start of a sentence and within one,
    and its choices."""
    return {
        "label": field_.label,
        "label_low": in_sentence(field_.label),
        "choices": ", ".join(c.label for c in field_.choice),
    }
