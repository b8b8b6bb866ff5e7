"""What a campaign's folder may hold beside its three files: rules.toml, figures.toml, a Word
template.

Each is named as the product's file that it adds to or replaces. A key or value that cannot be used
is a mistake with its file and key; the entries beside it are read all the same, so that all
mistakes are found at once.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from sources.campaign_checks import Mistake
from sources.declared_model import Declared
from sources.figure_declarations import FigureDeclaration

Severity = Literal["error", "warning"]
RULES, FIGURES, TEMPLATE = "rules.toml", "figures.toml", "bao-cao-tong-hop.docx"


class OwnRule(Declared):
    """A rule that a campaign adds: a condition that each row of a section of the form is to meet.

    key        its name in `finding.rule`; `name` is what people read
    field      the field at whose cell a finding of it stands
    condition  DuckDB SQL over the row's columns, true of a row that is as it should be; not known
               (NULL) is no breach
    about      what a breach says something of: how well the report was made, or how the meeting was held
    message    what the unit reads; {members_total} is that field of the row, {label} and {value} are
               of `field`
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    over: Literal["condition"]
    section: str
    field: str
    condition: str = Field(min_length=1)
    severity: Severity
    message: str = Field(min_length=1)
    about: Literal["report", "meeting"] = "report"


class RuleChange(Declared):
    """What a campaign changes of a built-in rule; what is left out stays as it is."""

    key: str
    severity: Severity | None = None
    message: str | None = Field(None, min_length=1)


class OwnFiles(Declared):
    """A campaign's own rules, changes of built-in rules, figures and Word template."""

    rules: tuple[OwnRule, ...] = ()
    changes: tuple[RuleChange, ...] = ()
    figures: tuple[FigureDeclaration, ...] = ()
    template: Path | None = None

    @property
    def severities(self) -> dict[str, Severity]:
        """The severities that rules.toml gives; they count before those of campaign.toml."""
        changed = {c.key: c.severity for c in self.changes if c.severity is not None}
        return {**changed, **{rule.key: rule.severity for rule in self.rules}}


def read_own_files(folder: Path) -> tuple[OwnFiles, list[Mistake]]:
    """The campaign's own files as far as they can be read, and what cannot."""
    rules, found = _entries(folder / RULES, {"rule": OwnRule, "change": RuleChange})
    figures, not_figures = _entries(folder / FIGURES, {"figure": FigureDeclaration})
    template = folder.resolve() / TEMPLATE
    own = OwnFiles(
        rules=tuple(rules["rule"]),
        changes=tuple(rules["change"]),
        figures=tuple(figures["figure"]),
        template=template if template.is_file() else None,
    )
    return own, [*found, *not_figures]


def digest_with_own_files(digest: str, folder: Path) -> str:
    """The digest of a campaign's three files (`digest`) and of its own ones, where it has any."""
    files = [path for name in (RULES, FIGURES, TEMPLATE) if (path := folder / name).is_file()]
    if not files:
        return digest
    added = b"\0".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)
    return hashlib.sha256(digest.encode() + b"\0" + added).hexdigest()


def _entries(
    path: Path, models: Mapping[str, type[Declared]]
) -> tuple[dict[str, list[Any]], list[Mistake]]:
    """By table the file's entries that can be read, and the mistakes of those that cannot."""
    entries: dict[str, list[Any]] = {table: [] for table in models}
    if not path.is_file():
        return entries, []
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return entries, [Mistake(path.name, None, f"{error}; correct that line")]
    found: list[Mistake] = []
    for table, listed in content.items():
        if table not in models or not isinstance(listed, list):
            known = " or ".join(f"[[{name}]]" for name in models)
            found.append(Mistake(path.name, table, f"cannot be used here; write {known}"))
            continue
        for number, entry in enumerate(listed, 1):
            try:
                entries[table].append(models[table].model_validate(entry))
            except ValidationError as error:
                found += _mistakes_of_entry(path.name, f"{table} {number}", entry, error)
        found += _twice(path.name, listed)
    return entries, found


def _mistakes_of_entry(
    file: str, number: str, entry: Any, error: ValidationError
) -> Iterator[Mistake]:
    named = (_identity(entry) if isinstance(entry, dict) else None) or number
    for one in error.errors():
        problem = {
            "missing": "is missing; add it",
            "extra_forbidden": "there is no such key; correct its name, or delete it",
            "literal_error": f"is {one['input']!r}; write {one.get('ctx', {}).get('expected')}",
            "string_pattern_mismatch": f"is {one['input']!r}; write small letters, digits and _",
            "string_too_short": "is empty; write something",
        }.get(one["type"], one["msg"])
        yield Mistake(file, ".".join([named, *map(str, one["loc"])]), problem)


def _twice(file: str, entries: list[Any]) -> Iterator[Mistake]:
    times = Counter(_identity(entry) for entry in entries if isinstance(entry, dict))
    for named, count in times.items():
        if named and count > 1:
            yield Mistake(file, named, f"stands {count} times; leave one of them")


def _identity(entry: Mapping[str, Any]) -> str | None:
    """What names an entry: a rule's key, a figure's name."""
    named = entry.get("key", entry.get("name"))
    return named if isinstance(named, str) else None
