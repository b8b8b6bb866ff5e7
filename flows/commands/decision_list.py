"""The decisions of a home in words: lines for a terminal, rows for a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

from sources.decisions import Decision, DecisionLog, DecisionState, decision_states
from sources.landing import Landing
from sources.moments import moment_text
from warehouse.reports.wording import DECISIONS, REPORT_FIELDS

MAX_VALUE_SHOWN = 60  # characters of what an officer wrote for the report
STATES = {
    "in_force": "đang áp dụng",
    "undone": "đã hủy",
    "superseded": "đã có quyết định sau thay thế",
}


@dataclass(frozen=True)
class ListedDecision:
    """A decision and its state; `about` says in words what it is about."""

    decision: Decision
    state: DecisionState
    about: str

    @property
    def can_be_undone(self) -> bool:
        """Whether a later decision may take it back."""
        return self.decision.kind != "undo" and self.state != "undone"


def listed_decisions(home: Path, names: Mapping[str, str]) -> list[ListedDecision]:
    """All decisions of the home, in the order of the record; `names` gives the words for codes and
    identifiers (of files, units, rules), which stand as they are where it has none."""
    return [
        ListedDecision(decision, state, described(decision, names))
        for decision, state in decision_states(DecisionLog(home).recorded())
    ]


def decision_lines(home: Path) -> list[str]:
    """A line per decision of the home: number, moment, account, what, why, state."""
    listed = listed_decisions(home, file_names(home))
    return [
        f"{d.decision_id}. {d.holds_from:%H:%M %d/%m/%Y} · {d.account} · {DECISIONS[d.kind]}: {one.about} · "
        f"{d.reason} · {STATES[one.state]}"
        for one in listed
        for d in (one.decision,)
    ] or ["Chưa có quyết định nào."]


def file_names(home: Path) -> dict[str, str]:
    """The names of all files that have landed, in quotation marks, by submission_id."""
    return {key: f"“{name}”" for key, name in Landing(home).file_names.items()}


def described(decision: Decision, names: Mapping[str, str]) -> str:
    """What the decision is about, what it chose and what it named: `“BC.xlsx”, Xã A`."""
    about = [names.get(str(part), str(part)) for part in decision.about[1:] if part is not None]
    if decision.received_at is not None:
        about = [about[0], moment_text(decision.received_at)]
    unit = decision.unit_code and names.get(decision.unit_code, decision.unit_code)
    chosen = [] if unit is None or unit in about else [unit]
    named = [] if decision.name is None or decision.name in about else [decision.name]
    if decision.kind == "report":
        about = [REPORT_FIELDS[str(decision.field)]]
        chosen = [f"“{shorten(str(decision.value), MAX_VALUE_SHOWN, placeholder='…')}”"]
    return ", ".join([*about, *chosen, *named])
