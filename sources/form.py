"""The form as declared in form.toml: what a report may contain, each value declared once.

Everything that names a field (tables, suites, the blank form, labels, docs) is made from these
models. They are frozen and refuse unknown keys, so that a typing error in form.toml stops the load
with the key's name.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field, PrivateAttr, model_validator

from sources.declared_model import Declared
from sources.form_words import ProseWords, Words

__all__ = [
    "SQL_TYPES",
    "Choice",
    "FieldType",
    "Form",
    "FormField",
    "FromRows",
    "RegisterColumn",
    "Reporter",
    "Section",
    "SectionWindow",
    "Words",
]

FieldType = Literal["unit", "text", "count", "date", "mark", "choice", "organisation", "commune"]
Reporter = Literal["commune", "district_org"]
RegisterColumn = Literal["cells", "members", "villages", "branches"]

SQL_TYPES: dict[str, str] = {
    "unit": "VARCHAR",
    "text": "VARCHAR",
    "count": "INTEGER",
    "date": "DATE",
    "mark": "BOOLEAN",
    "choice": "VARCHAR",
    "organisation": "VARCHAR",
    "commune": "VARCHAR",
}


class Choice(Declared):
    """One of the values that a choice may take, with the wordings it is known by."""

    code: str
    label: str
    variants: tuple[str, ...] = ()


class FromRows(Declared):
    """The section and the SQL over its rows that take precedence over a unit's own total."""

    section: str
    value: str


class FormField(Declared):
    """One value of a report: key, label, type, clause of the guideline, and the rules it takes part
    in."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    variants: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    type: FieldType
    unit_word: str | None = None
    phrases: tuple[str, ...] = ()
    phrases_after: tuple[str, ...] = ()
    phrases_follow: str | None = None
    phrases_all: tuple[str, ...] = ()
    phrases_unclear: tuple[str, ...] = ()
    phrases_unless: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    heading_terms: tuple[str, ...] = ()
    report_words: str = ""
    annex_part: str = ""
    clause: str
    description: str
    column: str | None = None
    required: tuple[Literal["all", "commune", "district_org"], ...] = ()
    reporters: tuple[Reporter, ...] = ("commune", "district_org")
    asked: tuple[Reporter, ...] = ()
    from_rows: FromRows | None = None
    summed: bool = False
    limit: str | None = None
    limit_rule: str | None = None
    expected_limit: str | None = None
    likely_max: int | None = Field(default=None, ge=1)
    share_compared: bool = False
    in_register: RegisterColumn | None = None
    expected: Literal["commune", "held"] | None = None
    expected_rule: str | None = None
    compared: bool = False
    shows_held: bool = False
    yes_marks: tuple[str, ...] = ()
    no_marks: tuple[str, ...] = ()
    counts_people: bool = False
    part_of: str | None = None
    choice: tuple[Choice, ...] = ()
    _path: str = PrivateAttr("")

    @property
    def path(self) -> str:
        """The field's section and key, as `cells.held_on`: no two fields of a form share it. "" of a
        field that is in no section."""
        return self._path

    @property
    def column_name(self) -> str:
        """The field's name as a column of the warehouse: `commune` stands there as
        `commune_code`."""
        return self.column or self.key

    @property
    def sql_type(self) -> str:
        """The column's DuckDB type."""
        return SQL_TYPES[self.type]

    @property
    def labels(self) -> tuple[str, ...]:
        """The label and its variants, as they are written."""
        return (self.label, *self.variants)

    def choice_label(self, code: str) -> str:
        """The Vietnamese label of a choice's code; the code itself where none is declared."""
        return next((c.label for c in self.choice if c.code == code), code)


class SectionWindow(Declared):
    """The window of the campaign against which the section's dates are checked."""

    name: str
    fields: tuple[str, ...]


class Section(Declared):
    """One part of a report: `info` and `text` hold pairs of label and value, the others rows of a
    table."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    heading: str | None = None
    heading_variants: tuple[str, ...] = ()
    layout: Literal["pairs", "table"]
    table: str
    description: str
    row_key: tuple[str, ...] = ()
    row_word: str | None = None
    row_word_variants: tuple[str, ...] = ()
    reporters: tuple[Reporter, ...] = ("commune", "district_org")
    required: tuple[Literal["commune", "district_org"], ...] = ()
    window: SectionWindow | None = None
    held_when: str | None = None
    field: tuple[FormField, ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The section's fields, in the form's order."""
        return self.field

    @cached_property
    def by_key(self) -> dict[str, FormField]:
        """The section's fields by their keys."""
        return {f.key: f for f in self.field}

    @property
    def fields_from_rows(self) -> tuple[tuple[FormField, FromRows], ...]:
        """The fields with `from_rows`, each with that section and its SQL."""
        return tuple((f, f.from_rows) for f in self.field if f.from_rows)

    @model_validator(mode="after")
    def _fields_know_their_path(self) -> Section:
        for field in self.field:
            field._path = f"{self.key}.{field.key}"
        return self

    @model_validator(mode="after")
    def _names_of_fields_exist(self) -> Section:
        keys = {f.key for f in self.field}
        if len(keys) != len(self.field):
            raise ValueError(f"section {self.key}: a field is declared twice")
        named = {
            *self.row_key,
            *(self.window.fields if self.window else ()),
            *(f.limit for f in self.field if f.limit),
            *(f.part_of for f in self.field if f.part_of),
            *(f.expected_limit for f in self.field if f.expected_limit),
        }
        if unknown := sorted(named - keys):
            raise ValueError(
                f"section {self.key} names fields that it does not declare: {', '.join(unknown)}"
            )
        return self


class Form(Declared):
    """All sections of a report, and the words to read them by."""

    words: Words
    prose: ProseWords
    section: tuple[Section, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections, in the form's order."""
        return self.section

    @cached_property
    def by_key(self) -> dict[str, Section]:
        """The sections by their keys."""
        return {s.key: s for s in self.section}

    @property
    def tables(self) -> tuple[Section, ...]:
        """The sections that hold rows."""
        return tuple(s for s in self.section if s.layout == "table")

    @property
    def organisation_names(self) -> tuple[str, ...]:
        """The organisations of district and communes, as the form and as people write them."""
        return tuple(name for names in self.organisations.values() for name in names)

    @property
    def organisations(self) -> dict[str, tuple[str, ...]]:
        """The names of each organisation by its code, as the form and as people write them."""
        return {
            choice.code: (choice.label, *choice.variants)
            for section in self.sections
            for field in section.fields
            if field.type == "organisation"
            for choice in field.choice
        }

    def field(self, section: str, key: str) -> FormField:
        """The field of that section and key; KeyError names what is missing."""
        try:
            return self.by_key[section].by_key[key]
        except KeyError:
            raise KeyError(f"the form declares no field {section}.{key}") from None

    def has(self, section: str, key: str) -> bool:
        """Whether the form declares that field."""
        return section in self.by_key and key in self.by_key[section].by_key

    @model_validator(mode="after")
    def _rows_exist(self) -> Form:
        for section in self.section:
            for field in section.field:
                if field.from_rows and field.from_rows.section not in self.by_key:
                    raise ValueError(
                        f"{section.key}.{field.key}: from_rows names no section of the form"
                    )
        return self
