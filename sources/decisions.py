"""What officers decide: an append-only record in the home, replayed each night; nothing else is
ever done by hand.

A decision is about one file, one unit's name or one difference; it has a reason, an officer and a
time. It is undone by a later one, never erased. `decision_states` lists which are in force; the
rooms above apply them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field, ValidationInfo, field_validator, model_validator

from sources.campaigns import Campaign
from sources.declared_model import Declared
from sources.ledger import Ledger
from sources.registry import Registry, Unit, is_plain_name
from sources.text import fold, visible

DecisionKind = Literal[
    "assign",
    "accept",
    "withdraw",
    "received",
    "rename",
    "alias",
    "settle",
    "replace",
    "confirm",
    "report",
    "issue",
    "undo",
]
DecisionState = Literal["in_force", "undone", "superseded"]

# What a decision of each kind must name, and what it is about: of two about the same the later one
# counts.
REQUIRED_FIELDS: dict[str, tuple[str, ...]] = {
    "assign": ("submission_id", "unit_code"),
    "accept": ("submission_id", "rule"),
    "withdraw": ("submission_id",),
    "received": ("submission_id", "sha256", "received_at"),
    "rename": ("unit_code", "name"),
    "alias": ("unit_code", "name"),
    "settle": ("organisation", "commune_code", "unit_code"),
    "replace": ("submission_id",),
    "confirm": ("sha256", "page", "box", "section", "field", "value"),
    "report": ("field", "value"),
    "issue": ("name", "sha256", "value"),
    "undo": ("undoes",),
}
SUBJECT_FIELDS: dict[str, tuple[str, ...]] = {
    "assign": ("submission_id",),
    "accept": ("submission_id", "rule", "section", "row_name", "field"),
    "withdraw": ("submission_id",),
    "received": ("submission_id", "sha256"),
    "rename": ("unit_code",),
    "alias": ("unit_code", "name"),
    "settle": ("organisation", "commune_code"),
    "replace": ("submission_id",),
    "confirm": ("sha256", "page", "box", "section", "field"),
    "report": ("field",),
    "issue": ("name",),
    "undo": ("undoes",),
}
NAMING_KINDS = ("rename", "alias")
# The fields of a decision of kind `report`: the officer's part (sources/officers_part.py).
REPORT_FIELDS = ("number", "date", "signer", "title", "causes", "introduction", "conclusions")


def naming_decisions(decisions: Iterable[Decision]) -> list[Decision]:
    """Those of the decisions that readers know units by."""
    return [d for d in decisions if d.kind in (*NAMING_KINDS, "undo")]


class Decision(Declared):
    """One decision, as it stands in the record.

    decision_id  its number in the record, from 1
    holds_from   a night as of an earlier moment ignores it
    recorded_at  when it was made, by the clock
    account      the officer's account on the machine
    kind         assign: the file is of the unit · accept: the file counts in spite of its findings of that rule (of
                 that section, row and field, where given) · withdraw: the file does not count · received:
                 the file of that content was received at that time · rename, alias: what the
                 unit is called · settle: of two reports on the organisation in the commune the unit's counts ·
                 replace: the file counts whole, what it lacks is gone · confirm: in the picture of the content's page
                 the box (left,top,right,bottom in ten thousandths) holds the field's value, "" where it is blank ·
                 report: the field of REPORT_FIELDS of the consolidated report, "" where it is blank again · issue: the
                 report is issued, frozen in the folder `name`, whose manifest has that SHA-256; `value` stands for its
                 numbers · undo
    """

    decision_id: int = Field(ge=1)
    holds_from: AwareDatetime
    recorded_at: AwareDatetime
    account: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    kind: DecisionKind
    submission_id: str | None = None
    unit_code: str | None = None
    rule: str | None = None
    section: str | None = None
    row_name: str | None = None
    field: str | None = None
    organisation: str | None = None
    commune_code: str | None = None
    name: str | None = None
    undoes: int | None = None
    sha256: str | None = None
    page: int | None = None
    box: str | None = Field(default=None, pattern=r"^\d{1,5}(,\d{1,5}){3}$")
    value: str | None = None
    received_at: AwareDatetime | None = None

    @field_validator("account", "reason", "rule", "section", "row_name", "field", "name", "value")
    @classmethod
    def _escape_controls(cls, text: str | None, about: ValidationInfo) -> str | None:
        """It is shown in reports, pages and terminals: on one line, and what would act there is
        written out. Only the officer's part of the report has lines."""
        has_lines = (about.field_name, about.data.get("kind")) == ("value", "report")
        return None if text is None else visible(text, line_breaks=has_lines)

    @model_validator(mode="after")
    def _has_required_fields(self) -> Decision:
        if missing := [key for key in REQUIRED_FIELDS[self.kind] if getattr(self, key) is None]:
            raise ValueError(f"a decision to {self.kind} must name {', '.join(missing)}")
        if self.kind == "report" and self.field not in REPORT_FIELDS:
            raise ValueError(f"the report has no field {self.field}")
        return self

    @property
    def about(self) -> tuple[object, ...]:
        """What it decides: a later decision about the same replaces it."""
        return self.kind, *(getattr(self, key) for key in SUBJECT_FIELDS[self.kind])

    def decides_as(self, other: Decision) -> bool:
        """Whether it decides the same in the same way, whoever decided and why."""
        return self.about == other.about and all(
            getattr(self, key) == getattr(other, key) for key in REQUIRED_FIELDS[self.kind]
        )


class DecisionLog:
    """The record of a home, `decisions.jsonl`. Raises LedgerError where it is damaged."""

    def __init__(self, home: Path) -> None:
        self._ledger = Ledger(home / "decisions.jsonl")
        self._lock = home / "decisions.lock"

    def recorded(self, as_of: dt.datetime | None = None) -> list[Decision]:
        """All decisions that hold by `as_of` (all there are, when left out), in the order of the
        record."""
        decisions = [Decision.model_validate(record) for record in self._ledger.records()]
        return [d for d in decisions if as_of is None or d.holds_from <= as_of]

    def add(
        self,
        kind: DecisionKind,
        account: str,
        reason: str,
        holds_from: dt.datetime,
        now: dt.datetime,
        **about: object,
    ) -> Decision:
        """Adds a decision; returns it when it is on the disk. A night that is running does not know
        it.

        Raises pydantic's ValidationError where it does not name what its kind needs.
        """
        return self.add_all(kind, account, reason, holds_from, now, [about])[0]

    def add_all(
        self,
        kind: DecisionKind,
        account: str,
        reason: str,
        holds_from: dt.datetime,
        now: dt.datetime,
        subjects: Sequence[Mapping[str, object]],
    ) -> list[Decision]:
        """Adds a decision of one kind about each of the subjects, all or none. Raises like
        `add`."""
        # the processes that read reports need the names here, and no lock
        from filelock import FileLock

        with FileLock(self._lock):
            first = len(self.recorded()) + 1
            decisions = [
                Decision.model_validate(
                    {
                        "decision_id": number,
                        "holds_from": holds_from,
                        "recorded_at": now,
                        "account": account,
                        "reason": reason,
                        "kind": kind,
                        **about,
                    }
                )
                for number, about in enumerate(subjects, start=first)
            ]
            self._ledger.append(
                [decision.model_dump(mode="json", exclude_none=True) for decision in decisions]
            )
        return decisions


def decision_states(decisions: Iterable[Decision]) -> list[tuple[Decision, DecisionState]]:
    """Each decision with its state: undone by a later one, superseded by a later one about the
    same, or in force."""
    decisions = list(decisions)
    undone = {d.undoes for d in decisions if d.kind == "undo"}
    latest = {d.about: d.decision_id for d in decisions if d.decision_id not in undone}
    return [
        (
            d,
            "undone"
            if d.decision_id in undone
            else "in_force"
            if latest[d.about] == d.decision_id
            else "superseded",
        )
        for d in decisions
    ]


def with_names(campaign: Campaign, decisions: Iterable[Decision]) -> Campaign:
    """The campaign with its units as officers renamed them and the aliases they added.

    Reports are read by names, so the campaign's digests, and with them the version of what was
    read, change as well.
    """
    # one recorded before such were refused must not end the nights
    names = [
        (d.kind if state == "in_force" else "alias", d.unit_code, d.name)
        for d, state in decision_states(decisions)
        if d.kind in NAMING_KINDS and state != "undone" and is_plain_name(d.name or "")
    ]
    if not names:
        return campaign
    units = [_named(unit, names) for unit in campaign.registry.units]
    digests = {
        name: hashlib.sha256(f"{digest}{json.dumps(names)}".encode()).hexdigest()
        for name, digest in (
            ("reading_digest", campaign.reading_digest),
            ("digest", campaign.digest),
        )
    }
    return campaign.model_copy(update={"registry": Registry(units=tuple(units)), **digests})


def _named(unit: Unit, names: Sequence[tuple[str, str | None, str | None]]) -> Unit:
    """The unit under its new name; the old one stays an alias, since earlier reports bear it."""
    aliases = [name for kind, code, name in names if code == unit.code and kind == "alias" and name]
    new = next((name for kind, code, name in names if code == unit.code and kind == "rename"), None)
    if not new and not aliases:
        return unit
    known = [
        *unit.aliases,
        *aliases,
        *([unit.name] if new and fold(new) != fold(unit.name) else []),
    ]
    return Unit.model_validate(
        {**unit.model_dump(), "name": new or unit.name, "aliases": tuple(dict.fromkeys(known))}
    )
