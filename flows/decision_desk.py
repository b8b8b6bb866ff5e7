"""What must be so before a decision is recorded: it speaks of a file, a unit or a finding that is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from rapidfuzz import process

from sources.campaigns import load_campaign
from sources.decisions import Decision, DecisionLog, Kind, standing, with_names
from sources.landing import Landing
from sources.text import fold
from warehouse.ask import open_warehouse
from warehouse.reports.wording import DECISIONS

# What stands in the way of reading itself, and a row given twice: which of them counts only the unit can say.
NOT_ACCEPTABLE = {
    "unreadable": "it cannot be read: ask the unit for another file",
    "unsafe": "it is not safe to read: ask the unit for another file",
    "unit_unknown": "say whose it is: tonghop decide assign FILE UNIT",
    "duplicate_row": "which of the rows is right only the unit can say: ask it to send the file again",
}
STATES = {"in_force": "đang áp dụng", "undone": "đã hủy", "superseded": "đã có quyết định sau thay thế"}


class Desk:
    """Checks and records decisions of one home. `refuse` ends the call with what is wrong and what to do."""

    def __init__(self, home: Path, campaign: Path, refuse: Callable[[str], NoReturn]) -> None:
        self._home, self._refuse = home, refuse
        self._log = DecisionLog(home)
        self._campaign = with_names(load_campaign(campaign), self._log.recorded())

    def file(self, named: str) -> str:
        """The submission_id of the file of that id or name."""
        rows = self._ask("SELECT submission_id, file_name FROM submission WHERE submission_id = $1 OR file_name = $1 "
                         "OR split_part(file_name, '/', -1) = $1 ORDER BY received_at", named)
        if len(rows) == 1:
            return rows[0][0]
        if rows:
            self._refuse(f"several files are called {named}; give one of " + ", ".join(f"{i} ({n})" for i, n in rows))
        nearest = self._nearest(named, [name for name, in self._ask("SELECT DISTINCT file_name FROM submission")])
        self._refuse(f"no file {named} has come; nearest: {nearest} (tonghop sql \"select submission_id, file_name, "
                     "status from submission\")")

    def unit(self, code: str) -> str:
        """The code, where the registry has it."""
        units = self._campaign.registry.by_code
        if code not in units:
            named = self._nearest(code, [f"{u.code} ({u.name})" for u in units.values()])
            self._refuse(f"there is no unit {code}; nearest: {named}")
        return code

    def new_name(self, code: str, name: str) -> str:
        """The name, where no other unit bears it."""
        units = self._campaign.registry.units
        other = next((u for u in units if u.code != code and fold(name) in u.folded_names), None)
        if other or not fold(name):
            self._refuse(f"“{name}” is {f'the name of {other.code} ({other.name})' if other else 'no name'}; "
                         "a name must tell one unit")
        return name.strip()

    def check_acceptable(self, about: dict[str, Any]) -> None:
        """Ends the call unless the file has a finding that the decision speaks of and that stands in its way."""
        if why := NOT_ACCEPTABLE.get(about["rule"]):
            self._refuse(f"--rule {about['rule']}: a file cannot count in spite of it: {why}")
        found = self._ask("SELECT rule, section, row_name, field, severity FROM finding WHERE submission_id = $1",
                          about["submission_id"])
        keys = ("rule", "section", "row_name", "field")
        hits = [row for row in found if all(about[k] in (None, v) for k, v in zip(keys, row, strict=False))]
        if not hits:
            errors = sorted({rule for rule, *_, severity in found if severity == "error"})
            self._refuse("the file has no such finding; " + (f"its errors are of {', '.join(errors)}" if errors else
                                                             "it has no errors"))
        if all(severity != "error" for *_, severity in hits):
            self._refuse(f"--rule {about['rule']}: it is no error of this file, which counts in spite of it already")

    def check_settleable(self, about: dict[str, str]) -> None:
        """Ends the call unless both lines are there and differ."""
        lines = {code for code, in self._ask(
            "SELECT DISTINCT unit_code FROM org_meeting_reported WHERE organisation = $1 AND commune_code = $2",
            about["organisation"], about["commune_code"])}
        if about["unit_code"] not in lines or len(lines) < 2:
            self._refuse(f"on {about['organisation']} in {about['commune_code']} there are lines of "
                         f"{', '.join(sorted(lines)) or 'nobody'}; a decision chooses one of two")
        commune = self._campaign.registry.by_code[about["commune_code"]].name
        differing = self._ask("SELECT 1 FROM finding WHERE rule = 'sources_differ' AND row_name = $1 LIMIT 1", commune)
        if not differing:
            self._refuse(f"the reports on {commune} do not differ; there is nothing to settle")

    def check_undoable(self, number: int) -> None:
        """Ends the call unless there is such a decision, and it has not been undone."""
        states = {d.decision_id: state for d, state in standing(self._log.recorded()) if d.kind != "undo"}
        if states.get(number, "undone") == "undone":
            self._refuse(f"there is no decision {number} to undo; in force are "
                         f"{', '.join(str(n) for n, state in states.items() if state == 'in_force') or 'none'}")

    def record(self, kind: Kind, account: str, reason: str, at: str | None, now: dt.datetime,
               about: dict[str, Any]) -> Decision:
        """Records the decision; it holds from `at`, or from now. Neither may a night have told already, nor may an
        earlier decision hold from later: any moment then knows the record as it once stood, where names tell one unit.
        """
        zone = self._campaign.zone
        moment = dt.datetime.fromisoformat(at) if at else now
        moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
        self._check_moment(f"--at {at}" if at else "now", moment, now)
        return self._log.add(kind, account, reason, moment, now, **about)

    def _check_moment(self, said: str, moment: dt.datetime, now: dt.datetime) -> None:
        """Ends the call where a decision that holds from that moment would change what was told or decided."""
        told = max(Landing(self._home).nights(), default=None)
        last = max(self._log.recorded(), key=lambda d: d.holds_from, default=None)
        if moment > now:
            self._refuse(f"{said}: that moment is still to come")
        if told is not None and now <= told:
            self._refuse(f"the night of {self._local(told)}, still to come, has been told, and a decision would "
                         "change it; decide after it (what is only tried out belongs in a home of its own)")
        if told is not None and moment <= told:
            self._refuse(f"{said}: the night of {self._local(told)} has been told without it; give a later moment, or "
                         "leave --at out")
        if last and moment < last.holds_from:
            self._refuse(f"{said}: decision {last.decision_id} holds from {self._local(last.holds_from)}; give that "
                         "moment or a later one, or leave --at out")

    def _local(self, moment: dt.datetime) -> str:
        return moment.astimezone(self._campaign.zone).isoformat()

    def _ask(self, query: str, *parameters: object) -> list[tuple]:
        with open_warehouse(self._home / "warehouse.duckdb") as con:
            return con.execute(query, list(parameters)).fetchall()

    @staticmethod
    def _nearest(wanted: str, known: list[str]) -> str:
        return ", ".join(name for name, *_ in process.extract(wanted, known, limit=3)) or "none"


def decision_lines(home: Path) -> list[str]:
    """A line per decision of the home: number, moment, account, what, why, state."""
    return [f"{d.decision_id}. {d.holds_from:%H:%M %d/%m/%Y} · {d.account} · {_what(d)} · {d.reason} · {STATES[state]}"
            for d, state in standing(DecisionLog(home).recorded())] or ["Chưa có quyết định nào."]


def _what(decision: Decision) -> str:
    about = [str(part) for part in decision.about[1:] if part is not None]
    chosen = [] if decision.unit_code is None or decision.unit_code in about else [decision.unit_code]
    named = [] if decision.name is None or decision.name in about else [decision.name]
    return f"{DECISIONS[decision.kind]}: {', '.join([*about, *chosen, *named])}"
