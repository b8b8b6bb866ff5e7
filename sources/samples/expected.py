"""What a night must find in a sample inbox: `campaign_summary` by the made-up values, and each
unit's status."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sources.blank_form.values import Canonical, FormValues, as_count
from sources.campaigns import Campaign


@dataclass(frozen=True)
class ExpectedTotals:
    """The truth of a sample inbox.

    campaign_summary  column of the warehouse's table of that name to its value
    units             unit code to accepted, late (accepted and late), returned or missing
    rejected          names of the files that are to be rejected
    """

    campaign_summary: Mapping[str, int]
    units: Mapping[str, str]
    rejected: tuple[str, ...] = ()

    def write(self, path: Path) -> None:
        """Writes it as JSON."""
        path.write_text(
            json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


@dataclass
class Tally:
    """Counts over accepted reports; tallies of several processes are added up by `add`."""

    sums: Counter[str] = field(default_factory=Counter)
    lines: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def count(self, values: FormValues, campaign: Campaign) -> None:
        """Counts one accepted report: what is summed over units, meetings in the window, lines of
        organisations."""
        for section in campaign.form.sections:
            for f in section.fields:
                if f.summed:
                    self.sums[f.key] += as_count(values.pairs.get(section.key, {}).get(f.key))
        for row in values.rows.get("cells", ()):
            self.sums["cells_in_window"] += _in_window(row.get("held_on"), campaign)
        for row in values.rows.get("orgs", ()):
            counts = as_count(row.get("branches_total")), as_count(row.get("branches_held"))
            self.lines[(str(row["organisation"]), str(row["commune"]))] = counts

    def add(self, other: Tally) -> None:
        """Adds another tally; a line reported by two units is one line."""
        self.sums.update(other.sums)
        self.lines.update(other.lines)

    def expected(
        self, units: Mapping[str, str], campaign: Campaign, rejected: tuple[str, ...]
    ) -> ExpectedTotals:
        """The truth, once all reports are counted and each unit's status is known."""
        statuses = Counter(units.values())
        summary = {
            "units_expected": len(campaign.registry.units),
            "units_reported": statuses["accepted"] + statuses["late"],
            "units_on_time": statuses["accepted"],
            "units_late": statuses["late"],
            "units_returned": statuses["returned"],
            "units_missing": statuses["missing"],
            **self.sums,
            "org_branches_total": sum(total for total, _ in self.lines.values()),
            "org_branches_held": sum(met for _, met in self.lines.values()),
        }
        return ExpectedTotals(summary, dict(units), rejected)


def _in_window(day: Canonical, campaign: Campaign) -> bool:
    window = campaign.windows.get("cells")
    return isinstance(day, dt.date) and window is not None and window.first <= day <= window.last
