"""What a night would say of a few new files, or of a decision, before it runs; nothing of it is kept.

The readers, the rules and the verdicts are the night's own. A new file is judged with the earlier
files of its unit alone, so that an answer takes a second or two whatever the number of units; what
only a whole night compares (communes with each other and with organisations) is left to it, and the
desk calls the answer provisional.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from flows.desk.current_campaign import CurrentCampaign
from flows.home.layout import Home
from sources.arrivals import Arrival
from sources.campaigns import Campaign, load_campaign
from sources.children.reading import read_contents, start_reading_server
from sources.children.reading_server import ReaderServer
from sources.decisions import Decision, naming_decisions, with_names
from sources.landing import Landing
from sources.staged import StagedStore, staged_version

VERDICT_COLUMNS = ("submission_id", "status", "unit_code", "reason")
FINDING_COLUMNS = (  # in the order of `feedback_item`
    "severity",
    "rule",
    "section",
    "row_name",
    "field",
    "value",
    "sheet",
    "cell",
    "message",
)
SUMMARY_COLUMNS = (
    "units_reported",
    "units_returned",
    "units_missing",
    "units_late",
    "cells_held",
    "cells_total",
    "members_attended",
    "org_branches_held",
    "villages_total",
)


class InstantNight:
    """A home as a night would see it now, with its readers at hand.

    scratch  an empty folder, where what is read now is kept until this object goes
    """

    def __init__(self, home: Path, campaign_folder: Path, scratch: Path) -> None:
        self._home, self._campaign_folder, self._scratch = Home(home), campaign_folder, scratch
        self._current = CurrentCampaign(campaign_folder, home)
        self._names: tuple[str, ...] | None = None
        self._server: ReaderServer | None = None
        self._units: dict[str, str | None] = {}  # by submission_id, of what was judged here

    def start_reading(self) -> None:
        """Starts the readers, or starts them again where officers have named units since."""
        decisions = self._decisions()
        names = tuple(d.model_dump_json() for d in naming_decisions(decisions))
        if self._server is None or names != self._names:
            if self._server is not None:
                self._server.end()
            self._server = start_reading_server(self._campaign_folder, decisions)
            self._names = names

    def verdicts(self, submissions: Sequence[str]) -> list[dict[str, Any]]:
        """Of each of these arrivals what a night would say of it now: VERDICT_COLUMNS, and `findings`
        with FINDING_COLUMNS, the errors first; and `read`, what was read of it (values_read.py)."""
        landing = Landing(self._home.folder)
        campaign, decisions = self._current.with_decisions()
        known = {arrival.submission_id: arrival for arrival in landing.known()}
        new = [known[one] for one in submissions if one in known]
        with duckdb.connect() as con:
            self._identify(con, new, landing, decisions, campaign)
            earlier = self._earlier_files(con, known)
            if earlier:
                self._identify(con, [*new, *earlier], landing, decisions, campaign)
            _judge(con, campaign)
            return [_verdict(con, campaign, arrival.submission_id) for arrival in new]

    def effect(self, decisions: list[dict[str, Any]]) -> dict[str, dict[str, int | None]]:
        """The campaign's totals (SUMMARY_COLUMNS) without and with these further decisions, both of
        all that has landed by now."""
        recorded = self._decisions()
        asked = [
            Decision.model_validate(
                {
                    "decision_id": number,
                    "holds_from": dt.datetime.now(dt.UTC),
                    "recorded_at": dt.datetime.now(dt.UTC),
                    "account": "-",
                    "reason": "-",
                    **about,
                }
            )
            for number, about in enumerate(decisions, start=len(recorded) + 1)
        ]
        return {
            "before": self._totals(recorded),
            "after": self._totals([*recorded, *asked]),
        }

    def _totals(self, decisions: list[Decision]) -> dict[str, int | None]:
        from expectations.batches import load_inputs
        from expectations.night import run
        from warehouse.build import build_warehouse

        landing, now = Landing(self._home.folder), dt.datetime.now(dt.UTC)
        campaign = self._campaign(decisions)
        as_of = now.astimezone(campaign.zone)
        arrivals = landing.arrivals(now)
        staged = self._read(arrivals, landing, decisions, campaign)
        working, target = self._scratch / "night.duckdb", self._scratch / "warehouse.duckdb"
        working.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        with duckdb.connect(str(working)) as con:
            load_inputs(con, arrivals, staged)
            run(con, campaign, as_of, decisions=decisions)
        build_warehouse(working, target, campaign, as_of)
        with duckdb.connect(str(target), read_only=True) as con:
            sql = f"SELECT {', '.join(SUMMARY_COLUMNS)} FROM campaign_summary"
            return dict(zip(SUMMARY_COLUMNS, con.execute(sql).fetchall()[0], strict=True))

    def _decisions(self) -> list[Decision]:
        return self._current.with_decisions()[1]

    def _campaign(self, decisions: Sequence[Decision]) -> Campaign:
        return with_names(load_campaign(self._campaign_folder), decisions)

    def _read(
        self,
        arrivals: Sequence[Arrival],
        landing: Landing,
        decisions: Sequence[Decision],
        campaign: Campaign,
    ) -> dict[str, list[Path]]:
        """The staged files of these arrivals' contents by table: those of the nights, and of what
        they have not read yet our own."""
        version = staged_version(campaign)
        by_nights = StagedStore(self._home.folder, version, is_only_read=True)
        own = StagedStore(self._scratch, version)
        known_to_nights = by_nights.known()
        own.remove_sets_with(known_to_nights)  # a night has read since what we read: once is enough
        known = known_to_nights | own.known()
        unread = [
            (sha256, path) for sha256, path in landing.contents(arrivals) if sha256 not in known
        ]
        self.start_reading()
        for result in read_contents(
            unread,
            self._campaign_folder,
            decisions=decisions,
            server=self._server,
            origins=landing.origins(arrivals),
        ):
            own.write(result)
        theirs, ours = by_nights.paths(), own.paths()
        return {name: [*theirs[name], *ours[name]] for name in ours}

    def _identify(
        self,
        con: duckdb.DuckDBPyConnection,
        arrivals: Sequence[Arrival],
        landing: Landing,
        decisions: Sequence[Decision],
        campaign: Campaign,
    ) -> None:
        """Reads these arrivals and finds their units."""
        from expectations.batches import identify_submissions, load_inputs

        con.execute("SET TimeZone = $zone", {"zone": campaign.campaign.time_zone})
        load_inputs(con, arrivals, self._read(arrivals, landing, decisions, campaign))
        identify_submissions(con, campaign, dt.datetime.now(dt.UTC), decisions)

    def _earlier_files(
        self, con: duckdb.DuckDBPyConnection, known: dict[str, Arrival]
    ) -> list[Arrival]:
        """The other files of the units of those that are identified, and other copies of their
        bytes: of the last night, and of what was judged here since."""
        rows = con.execute("SELECT submission_id, unit_code FROM submission_draft").fetchall()
        self._units |= dict(rows)
        identified, units = {row[0] for row in rows}, {row[1] for row in rows} - {None}
        contents = {known[submission].sha256 for submission in identified}
        found = {one for one, unit in self._units.items() if unit in units}
        found |= {one for one, arrival in known.items() if arrival.sha256 in contents}
        if units and self._home.warehouse.is_file():
            with duckdb.connect(str(self._home.warehouse), read_only=True) as published:
                sql = "SELECT submission_id FROM submission WHERE list_contains($units, unit_code)"
                found |= {
                    row[0] for row in published.execute(sql, {"units": list(units)}).fetchall()
                }
        return [known[one] for one in sorted(found - identified) if one in known]


def _judge(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    from expectations.batches import fill_batches
    from expectations.findings import publish_findings
    from expectations.validation import validate, validate_units
    from expectations.verdicts import judge

    fill_batches(con, campaign)
    validate(con, campaign)
    judge(con, campaign)
    validate_units(con, campaign)
    publish_findings(con)


def _verdict(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, submission_id: str
) -> dict[str, Any]:
    from flows.desk.values_read import values_read

    columns = ", ".join(VERDICT_COLUMNS)
    row = con.execute(
        f"SELECT {columns} FROM submission WHERE submission_id = $id", {"id": submission_id}
    ).fetchone()
    if row is None:  # its time of receipt has not come, or nights had missed it
        return {"submission_id": submission_id, "status": None, "findings": [], "read": []}
    found = con.execute(
        f"SELECT {', '.join(FINDING_COLUMNS)} FROM finding WHERE submission_id = $id "
        "ORDER BY severity <> 'error', rowid",
        {"id": submission_id},
    ).fetchall()
    return {
        **dict(zip(VERDICT_COLUMNS, row, strict=True)),
        "findings": [dict(zip(FINDING_COLUMNS, one, strict=True)) for one in found],
        "read": [asdict(table) for table in values_read(con, campaign, submission_id)],
    }
