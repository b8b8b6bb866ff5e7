"""The progress of all units for the page: who has reported, whom to remind, what is wrong where.

At the size of a whole country not every finding is shown: MAX_FINDINGS bounds them, and each unit
has the number of those left out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.registry import Unit
from warehouse.reports import wording
from warehouse.reports.changes import NO_CHANGES, Changes, changes
from warehouse.reports.decision_texts import DecisionText, decision_texts
from warehouse.reports.outliers import Outlier, read_outliers
from warehouse.reports.queries import query

MAX_FINDINGS = 12_000  # on the whole page
MAX_FINDINGS_PER_UNIT = 40
MAX_UNITS_NAMED = 3  # units that break a rule; of more only the number is shown
MAX_TEXT_LENGTH = 400  # characters of one value, message or reason


class ReceivedFile(NamedTuple):
    """A file that is no duplicate.

    replaced   a later accepted file of the unit took its place
    set_aside  held or withdrawn, so that its unit has nothing to correct in it
    findings   all that was found in it; `errors` and `warnings` are those that are counted
    """

    submission_id: str
    unit_code: str | None
    file_name: str
    received: dt.datetime
    status: str
    reason: str
    replaced: bool
    findings: int
    errors: int
    warnings: int
    set_aside: bool


class PageFinding(NamedTuple):
    """A breach as the officer reads it: rule, section, row and field are words."""

    severity: str
    rule: str
    row: str
    field: str
    value: str
    sheet: str
    cell: str
    message: str


class BrokenRule(NamedTuple):
    """How often a rule is broken, and in how many units; `names` of these where they are few (the
    file's name where no unit is known)."""

    rule: str
    severity: str
    findings: int
    units: int
    names: list[str]


class Duplicate(NamedTuple):
    """A file whose bytes had come before."""

    file_name: str
    received: dt.datetime
    unit_code: str | None
    original: str | None


@dataclass(frozen=True)
class UnitProgress:
    """A unit: its state (a key of wording.STATES), files in the order of receipt, the findings and
    changes by later files that are shown, the decisions of officers about it, and the score of its
    reports (None: no file came); whether a scan of it waits for an officer to confirm it."""

    unit: Unit
    state: str
    submission_id: str | None
    files: tuple[ReceivedFile, ...]
    findings: Mapping[str, tuple[PageFinding, ...]]
    changes: Changes
    decisions: tuple[DecisionText, ...]
    score: int | None
    has_scan_on_hold: bool = False

    @cached_property
    def file(self) -> ReceivedFile | None:
        """The latest accepted file; else the last that came and is not set aside."""
        accepted = (f for f in self.files if f.submission_id == self.submission_id)
        return next(accepted, next((f for f in reversed(self.files) if not f.set_aside), None))

    @property
    def errors(self) -> int:
        """Errors that the unit still has to correct."""
        return sum(f.errors for f in self.files)

    @property
    def warnings(self) -> int:
        """Warnings in files that count, about what no later file replaced."""
        return sum(f.warnings for f in self.files)

    @property
    def is_waiting(self) -> bool:
        """Whether nothing of it counts yet only because its scan waits for an officer: it has sent."""
        return self.state == "missing" and self.has_scan_on_hold

    @cached_property
    def has_details(self) -> bool:
        """Whether there is anything to show besides one accepted file."""
        return (
            len(self.files) > 1
            or bool(self.decisions)
            or any(f.findings or f.status != "accepted" for f in self.files)
        )

    @property
    def left_out(self) -> int:
        """The number of findings that are not shown."""
        return sum(f.findings for f in self.files) - sum(map(len, self.findings.values()))


@dataclass(frozen=True)
class Progress:
    """All that the page shows of the units, in the order of the registry.

    untied     files without a unit
    decisions  those that are about no unit
    outliers   the first of the unlikely values, `outlier_count` how many there are
    """

    units: tuple[UnitProgress, ...]
    rules: tuple[BrokenRule, ...]
    untied: tuple[ReceivedFile, ...]
    duplicates: tuple[Duplicate, ...]
    decisions: tuple[DecisionText, ...]
    outliers: tuple[Outlier, ...]
    outlier_count: int

    @cached_property
    def states(self) -> dict[str, int]:
        """How many units are in each state, all four of wording.STATES."""
        seen = Counter(u.state for u in self.units)
        return {state: seen[state] for state in wording.STATES}

    @property
    def untied_errors(self) -> int:
        """Errors of files of which no unit is known."""
        return sum(f.errors for f in self.untied)

    @property
    def errors(self) -> int:
        """Errors that are still to be corrected, those of files without a unit among them."""
        return sum(u.errors for u in self.units) + self.untied_errors

    @property
    def warnings(self) -> int:
        """Warnings in the reports that count."""
        return sum(u.warnings for u in self.units)

    @cached_property
    def units_with_details(self) -> list[UnitProgress]:
        """The units that have something to correct or to know: those with errors first."""
        units = [u for u in self.of("returned", "late", "on_time", "missing") if u.has_details]
        return sorted(units, key=lambda u: (u.state != "returned", not u.errors))

    @cached_property
    def later_returned(self) -> list[UnitProgress]:
        """The units whose report was accepted, and which then sent another file that was not."""
        return [u for u in self.of("late", "on_time") if u.errors]

    def of(self, *states: str) -> list[UnitProgress]:
        """The units in these states, state by state."""
        return [u for state in states for u in self.units if u.state == state]


def read_progress(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Progress:
    """The progress of all units of the registry; times are local to the campaign."""
    con.execute(query("reported_file"))
    parameters = {"zone": campaign.campaign.time_zone, "longest": MAX_TEXT_LENGTH}
    files = [ReceivedFile(*row) for row in con.execute(query("files"), parameters).fetchall()]
    rules = con.execute(query("findings_by_rule"), {"most": MAX_UNITS_NAMED}).fetchall()
    copies = con.execute(query("duplicate_files"), {"zone": parameters["zone"]}).fetchall()
    decisions = decision_texts(con, campaign)
    outliers, outlier_count = read_outliers(con, campaign.form)
    return Progress(
        units=tuple(_units(con, campaign, files, decisions)),
        rules=tuple(BrokenRule(*row) for row in rules),
        untied=tuple(f for f in files if f.unit_code is None),
        duplicates=tuple(Duplicate(*row) for row in copies),
        decisions=tuple(d for d in decisions if d.unit_code not in campaign.registry.by_code),
        outliers=outliers,
        outlier_count=outlier_count,
    )


def _units(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    files: list[ReceivedFile],
    decisions: list[DecisionText],
) -> Iterable[UnitProgress]:
    by_unit: dict[str, list[ReceivedFile]] = {}
    about: dict[str, list[DecisionText]] = {}
    for decision in decisions:
        about.setdefault(decision.unit_code, []).append(decision)
    for file in files:
        if file.unit_code is not None:
            by_unit.setdefault(file.unit_code, []).append(file)
    findings = _findings(con, campaign, sum(any(f.findings for f in of) for of in by_unit.values()))
    changed = changes(con, campaign)
    status = {
        code: (wording.state(status, on_time), submission)
        for code, status, on_time, submission in con.execute(
            "SELECT unit_code, status, on_time, submission_id FROM unit_status"
        ).fetchall()
    }
    scores = dict(con.execute("SELECT unit_code, score FROM unit_quality").fetchall())
    scans = dict(con.execute(query("scans_on_hold")).fetchall())
    for unit in campaign.registry.units:
        state, submission = status.get(unit.code, ("missing", None))
        own = tuple(by_unit.get(unit.code, ()))
        yield UnitProgress(
            unit,
            state,
            submission,
            own,
            {
                f.submission_id: findings[f.submission_id]
                for f in own
                if f.submission_id in findings
            },
            changed.get(unit.code, NO_CHANGES),
            tuple(about.get(unit.code, ())),
            scores.get(unit.code),
            unit.code in scans,
        )


def _findings(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, units: int
) -> dict[str, tuple[PageFinding, ...]]:
    """The findings that are shown, by submission: as many per unit as the page has room for."""
    per_unit = min(MAX_FINDINGS_PER_UNIT, max(1, MAX_FINDINGS // max(units, 1)))
    rows = con.execute(
        query("findings_shown"), {"most": per_unit, "longest": MAX_TEXT_LENGTH}
    ).fetchall()
    found: dict[str, list[PageFinding]] = {}
    for submission, rule, severity, section, row, field, value, sheet, cell, message in rows:
        found.setdefault(submission, []).append(
            PageFinding(
                severity,
                rule,
                wording.row_label(campaign.form, section, row),
                wording.field_label(campaign.form, section, field),
                value or "",
                sheet or "",
                cell or "",
                message or "",
            )
        )
    return {submission: tuple(listed) for submission, listed in found.items()}
