"""All that expectations do in a night, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb

from expectations.batches import prepare_batches
from expectations.comparisons import compare_sources
from expectations.data_docs import write_data_docs
from expectations.decisions import report_unmatched
from expectations.findings import publish_findings
from expectations.later_files import settle_later_files
from expectations.validation import validate, validate_units
from expectations.verdicts import judge
from sources.campaigns import Campaign
from sources.decisions import Decision


def run(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    as_of: dt.datetime,
    docs_dir: Path | None = None,
    decisions: Sequence[Decision] = (),
) -> None:
    """Makes of `arrival`, `content`, `fact` and `read_finding` the batches, `finding`,
    `submission`, and what counts (later_files.settle_later_files).

    `batches.load_inputs` makes the four input tables; `decisions` are those that officers had made
    by `as_of`. With `docs_dir` a static site of what was validated is written there. Sets the
    connection's time zone to the campaign's, in which times are said.
    """
    con.execute("SET TimeZone = $zone", {"zone": campaign.campaign.time_zone})
    prepare_batches(con, campaign, as_of, decisions)
    validated = validate(con, campaign)
    judge(con, campaign)
    validated += validate_units(con, campaign)
    settle_later_files(con, campaign)
    validated += compare_sources(con, campaign)
    report_unmatched(con, campaign)
    publish_findings(con)
    if docs_dir is not None:
        write_data_docs(con, validated, campaign, as_of, docs_dir)
