"""The verdict on each file, and which file's rows count for each unit (DESIGN.md, "Which file counts")."""

from __future__ import annotations

from pathlib import Path

import duckdb

from expectations.pivots import batch_table
from sources.campaigns import Campaign


def judge(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes the contract's table `submission` of `submission_draft` and the findings, then `counted_section`.

    counted_section  unit_code, section, submission_id: of each table section the unit's latest accepted submission that
                     has rows in it, by the order of receipt
    """
    con.execute("CREATE OR REPLACE TABLE choice_label (section VARCHAR, code VARCHAR, label VARCHAR)")
    labels = [[s.key, c.code, c.label] for s in campaign.form.tables for k in s.row_key for c in s.by_key[k].choice]
    if labels:
        con.executemany("INSERT INTO choice_label VALUES (?, ?, ?)", labels)
    con.execute(Path(__file__).with_name("submission.sql").read_text(encoding="utf-8"))
    con.execute("CREATE OR REPLACE TABLE counted_section (unit_code VARCHAR, section VARCHAR, submission_id VARCHAR)")
    for section in campaign.form.tables:
        con.execute(f"""
INSERT INTO counted_section
SELECT s.unit_code, '{section.key}', arg_max(s.submission_id, d.position)
FROM submission s JOIN submission_draft d USING (submission_id)
WHERE s.status = 'accepted' AND s.submission_id IN (SELECT submission_id FROM {batch_table(section)})
GROUP BY s.unit_code
ORDER BY s.unit_code""")
