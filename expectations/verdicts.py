"""The verdict on each file (docs/domain.md, "Which file counts")."""

from __future__ import annotations

import duckdb

from expectations.queries import query
from sources.campaigns import Campaign


def judge(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes the contract's table `submission` of `submission_draft` and the findings."""
    con.execute(
        "CREATE OR REPLACE TABLE choice_label (section VARCHAR, code VARCHAR, label VARCHAR)"
    )
    labels = [
        [s.key, c.code, c.label]
        for s in campaign.form.tables
        for k in s.row_key
        for c in s.by_key[k].choice
    ]
    if labels:
        con.executemany("INSERT INTO choice_label VALUES (?, ?, ?)", labels)
    con.execute(query("submission"))
