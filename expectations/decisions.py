"""Officers' decisions replayed: what each applies to, and which match nothing any more.

`load_decisions` puts them into the night's working database; submission_draft.sql (assign, withdraw) and the marts
(settle) join them; `mark_decided` finds the findings that they speak of, `tell_unmatched` says which spoke of nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from expectations.pivots import counted_table, organisation_lines
from sources.campaigns import Campaign
from sources.decisions import Decision, standing

TIME = pa.timestamp("us", tz="UTC")
DECISION = pa.schema(
    [
        ("decision_id", pa.int32()),
        ("holds_from", TIME),
        ("recorded_at", TIME),
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
        ("state", pa.string()),
    ]
)


def load_decisions(con: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    """Makes the table `decision`: each with its state, and the view `decided` of those in force.

    state  in_force, undone or superseded; later perhaps unmatched (tell_unmatched)
    """
    rows = [{**decision.model_dump(), "state": state} for decision, state in standing(decisions)]
    con.register("rows", pa.Table.from_pylist(rows, schema=DECISION))
    con.execute("CREATE OR REPLACE TABLE decision AS SELECT * FROM rows")
    con.unregister("rows")
    con.execute("CREATE OR REPLACE VIEW decided AS SELECT * FROM decision WHERE state = 'in_force'")


def mark_decided(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Notes in `finding_placed.decision_id` by which decision of that kind (accept, settle) a finding is settled."""
    about = {"accept": _ACCEPTED, "settle": _SETTLED}[kind]
    made = con.execute(
        "SELECT decision_id FROM decided WHERE kind = ? ORDER BY decision_id", [kind]
    ).fetchall()
    for (number,) in made:
        con.execute(
            f"UPDATE finding_placed p SET decision_id = d.decision_id FROM decided d {about}",
            {"id": number},
        )


def tell_unmatched(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Decisions in force that match nothing: their state becomes `unmatched`, and each is a finding."""
    if not con.execute("SELECT 1 FROM decided LIMIT 1").fetchall():
        return
    sql = Path(__file__).with_name("decision_unmatched.sql").read_text(encoding="utf-8")
    con.execute(sql.replace("/*two_lines*/", _two_lines(campaign)))
    con.execute(
        "UPDATE decision SET state = 'unmatched' "
        "WHERE decision_id IN (SELECT decision_id FROM finding_placed WHERE rule = 'decision_unmatched')"
    )
    con.execute(
        "UPDATE finding_placed SET decision_id = NULL WHERE rule <> 'decision_unmatched' "
        "AND decision_id IN (SELECT decision_id FROM decision WHERE state = 'unmatched')"
    )


# In both, `p` is the finding and `d` the decision numbered $id.
_ACCEPTED = """
WHERE d.decision_id = $id AND p.submission_id = d.submission_id AND p.rule = d.rule
  AND coalesce(d.section = p.section, d.section IS NULL) AND coalesce(d.row_name = p.row_name, d.row_name IS NULL)
  AND coalesce(d.field = p.field, d.field IS NULL)"""
_SETTLED = """
JOIN unit c ON c.unit_code = d.commune_code
WHERE d.decision_id = $id AND p.rule = 'sources_differ' AND p.row_name = c.unit_name
  AND p.submission_id IN (SELECT s.submission_id FROM submission s JOIN unit u USING (unit_code)
                          WHERE u.kind = d.organisation)"""


def _two_lines(campaign: Campaign) -> str:
    """SQL: organisation, commune_code, unit_code of the lines that count where an organisation and a commune tell."""
    found = organisation_lines(campaign.form)
    if found is None:
        return "SELECT NULL AS organisation, NULL AS commune_code, NULL AS unit_code WHERE false"
    section, organisation, commune = found
    return f"""SELECT b.{organisation} AS organisation, b.{commune} AS commune_code, b.unit_code
    FROM {counted_table(section)} b
    JOIN unit u ON u.unit_code = b.unit_code
    WHERE b.unit_code = b.{commune} OR u.kind = b.{organisation}
    QUALIFY count(DISTINCT b.unit_code) OVER (PARTITION BY b.{organisation}, b.{commune}) > 1"""
