"""Who reports: the units of units.csv, by code and by name."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator

from sources.declared_model import Declared
from sources.text import fold

_CODE = re.compile(r"\w+(?:(?: |\.|-+)\w+)*")  # it names folders and files: no slash, no two dots
_NOT_IN_NAMES = frozenset("{}<>|\\")  # what templates, pages and lists of names take for their own
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_MAX_CODE_LENGTH, _MAX_NAME_LENGTH = 40, 200

UnitType = Literal["xa", "thi_tran", "phuong", "district_org"]
REGISTER_COLUMNS = ("register_cells", "register_members", "register_villages", "register_branches")


def _register_number(value: object) -> object:
    """A number of the register as units.csv writes it: digits alone, for a dot or comma in it may
    be of thousands or of decimals. Raises ValueError for any other text."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,7}", value):
        raise ValueError(
            f"{value!r} is no whole number of at most 7 digits: write digits alone, such as 1234, or "
            "leave it blank where the number is not known"
        )
    return value


RegisterNumber = Annotated[
    Annotated[int, Field(ge=0, lt=10_000_000)] | None, BeforeValidator(_register_number)
]


class Unit(Declared):
    """A reporting unit: a commune, or an organisation of the district (`kind` is then its code in
    the form).

    email     where it is reminded; it may send reports from there
    telephone how the unit is called, as the office writes it
    senders   the other addresses that it may send them from
    tile_row, tile_column  from 1: where the page draws its tile, roughly as the units lie, north
    above
    register_cells, register_members, register_villages, register_branches  what the district knows of
    the unit, whether it reports or not: its party cells, their members, its villages, its branches
    of organisations; None: not known
    """

    code: str
    name: str
    type: UnitType
    kind: str | None = None
    aliases: tuple[str, ...] = ()
    email: str | None = None
    telephone: str | None = None
    senders: tuple[str, ...] = ()
    tile_row: int | None = Field(default=None, ge=1, le=50)
    tile_column: int | None = Field(default=None, ge=1, le=50)
    register_cells: RegisterNumber = None
    register_members: RegisterNumber = None
    register_villages: RegisterNumber = None
    register_branches: RegisterNumber = None

    @field_validator("code")
    @classmethod
    def _is_a_code(cls, code: str) -> str:
        if len(code) > _MAX_CODE_LENGTH or not _CODE.fullmatch(code):
            raise ValueError(
                f"{code!r} is no code: write at most {_MAX_CODE_LENGTH} letters, digits, - and ., such as "
                "07525 or 219-HND"
            )
        return code

    @field_validator("name", "aliases")
    @classmethod
    def _are_plain(cls, names: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for name in (names,) if isinstance(names, str) else names:
            if not is_plain_name(name):
                raise ValueError(
                    f"{name!r} is no name: leave out {{ }} < > | \\ and what cannot be printed, and write "
                    f"at most {_MAX_NAME_LENGTH} letters"
                )
        return names

    @property
    def tile(self) -> tuple[int, int] | None:
        """Row and column of the unit's tile; None where it has no place of its own."""
        return (self.tile_row, self.tile_column) if self.tile_row and self.tile_column else None

    @property
    def reporter(self) -> Literal["commune", "district_org"]:
        """Which of the two sorts of report the unit sends."""
        return "district_org" if self.type == "district_org" else "commune"

    @cached_property
    def folded_names(self) -> tuple[str, ...]:
        """The unit's name and aliases, folded, the longest first."""
        return tuple(
            sorted({fold(n) for n in (self.name, *self.aliases)}, key=lambda n: (-len(n), n))
        )


class RegistryError(ValueError):
    """A units.csv that cannot be used: what is wrong in which line and column."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Registry(Declared):
    """All units of the campaign, in the order of units.csv."""

    units: tuple[Unit, ...]

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        """The units by their codes."""
        return {u.code: u for u in self.units}

    @cached_property
    def by_folded_name(self) -> dict[str, Unit]:
        """The units by each of their folded names, without names that two units share."""
        names: dict[str, set[str]] = {}
        for unit in self.units:
            for name in unit.folded_names:
                names.setdefault(name, set()).add(unit.code)
        return {
            name: self.by_code[next(iter(codes))]
            for name, codes in names.items()
            if len(codes) == 1
        }

    @cached_property
    def communes(self) -> tuple[Unit, ...]:
        """The communes."""
        return tuple(u for u in self.units if u.reporter == "commune")

    @cached_property
    def organisations(self) -> tuple[Unit, ...]:
        """The district's organisations."""
        return tuple(u for u in self.units if u.reporter == "district_org")

    @cached_property
    def registered(self) -> frozenset[str]:
        """The columns of REGISTER_COLUMNS that are filled in for at least one commune."""
        return frozenset(
            c for c in REGISTER_COLUMNS for u in self.communes if getattr(u, c) is not None
        )


def is_plain_name(name: str) -> bool:
    """Whether the text can be a unit's name: nothing in it acts in a template, a page or a
    terminal."""
    return (
        len(name) <= _MAX_NAME_LENGTH
        and _NOT_IN_NAMES.isdisjoint(name)
        and not any(
            unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in _BIDI_CONTROLS
            for letter in name
        )
    )


def load_registry(path: Path) -> Registry:
    """The registry of a units.csv with the columns code, name, type, kind, email, aliases and,
    where there are some, senders (the last two separated by |), telephone, tile_row, tile_column
    and REGISTER_COLUMNS.

    Raises RegistryError with every line and column that cannot be used, and the codes and tiles
    that stand twice.
    """
    units: list[Unit] = []
    problems: list[str] = []
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegistryError(f"{error}; save it as .csv in UTF-8") from error
    for line, row in enumerate(rows, 2):
        try:
            units.append(Unit.model_validate(_values(row)))
        except ValidationError as error:
            problems += [f"line {line}: {_place(e['loc'])}: {e['msg']}" for e in error.errors()]
    tiles = [f"{u.tile_row}-{u.tile_column}" for u in units if u.tile]
    for what, marks in (("codes", [u.code for u in units]), ("tiles", tiles)):
        if doubled := sorted(mark for mark, times in Counter(marks).items() if times > 1):
            problems.append(f"the {what} {', '.join(doubled)} stand more than once")
    if problems:
        raise RegistryError(*problems)
    return Registry(units=tuple(units))


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(map(str, loc))


def _values(row: dict[str, str]) -> dict[str, object]:
    filled: dict[str, object] = {k: v.strip() for k, v in row.items() if v and v.strip()}
    for several in ("aliases", "senders"):
        filled[several] = tuple(
            a.strip() for a in str(filled.get(several, "")).split("|") if a.strip()
        )
    return filled
