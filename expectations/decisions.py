"""Officers' decisions replayed: what each applies to, and which match nothing any more.

`load_decisions` puts them into the night's working database; submission_draft.sql (assign,
withdraw) and the marts (settle) join them; `mark_decided` links them to the findings they settle,
`report_unmatched` reports those that match nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from expectations.pivots import counted_table, organisation_lines
from expectations.queries import query
from sources.campaigns import Campaign
from sources.decisions import Decision, decision_states

TIMESTAMP = pa.timestamp("us", tz="UTC")
DECISION_SCHEMA = pa.schema(
    [
        ("decision_id", pa.int32()),
        ("holds_from", TIMESTAMP),
        ("recorded_at", TIMESTAMP),
        ("account", pa.string()),
        ("reason", pa.string()),
        ("kind", pa.string()),
        ("submission_id", pa.string()),
        ("unit_code", pa.string()),
        ("rule", pa.string()),
        ("section", pa.string()),
        ("row_name", pa.string()),
        ("field", pa.string()),
        ("organisation", pa.string()),
        ("commune_code", pa.string()),
        ("name", pa.string()),
        ("undoes", pa.int32()),
        ("sha256", pa.string()),
        ("page", pa.int32()),
        ("box", pa.string()),
        ("value", pa.string()),
        ("received_at", TIMESTAMP),
        ("state", pa.string()),
    ]
)
SETTLING_SQL = {
    "accept": "accepted_finding",
    "received": "received_finding",
    "settle": "settled_finding",
}


def load_decisions(con: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    """Makes the table `decision`: each with its state, and the view `decided` of those in force;
    gives the arrivals of `arrival` the times of receipt that officers decided.

    What an officer wrote for the report stays in the record: it may name a person, and a warehouse
    names none.
    state  in_force, undone or superseded; later perhaps unmatched (report_unmatched)
    """
    rows = [
        {
            **decision.model_dump(exclude={"value"} if decision.kind == "report" else None),
            "state": state,
        }
        for decision, state in decision_states(decisions)
    ]
    con.register("rows", pa.Table.from_pylist(rows, schema=DECISION_SCHEMA))
    con.execute("CREATE OR REPLACE TABLE decision AS SELECT * FROM rows")
    con.unregister("rows")
    con.execute("CREATE OR REPLACE VIEW decided AS SELECT * FROM decision WHERE state = 'in_force'")
    con.execute(query("received_decided"))


def mark_decided(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Notes in `finding_placed.decision_id` by which decision of that kind (accept, received, settle)
    a finding is settled."""
    sql = query(SETTLING_SQL[kind])
    made = con.execute(
        "SELECT decision_id FROM decided WHERE kind = $kind ORDER BY decision_id", {"kind": kind}
    ).fetchall()
    for (number,) in made:
        con.execute(sql, {"id": number})


def report_unmatched(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Decisions in force that match nothing: their state becomes `unmatched`, and each is a
    finding."""
    if not con.execute("SELECT 1 FROM decided LIMIT 1").fetchall():
        return
    found = organisation_lines(campaign.form)
    lines = None
    if found is not None:
        section, organisation, commune = found
        lines = {
            "table": counted_table(section),
            "organisation": organisation,
            "commune": commune,
        }
    con.execute(query("decision_unmatched", lines=lines))
