"""What the published night says of files, in the shape of the checker's verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.desk.desk import Desk
from sources.sql_files import SqlFiles

query = SqlFiles(Path(__file__).parent / "sql").query


def judged_files(desk: Desk, submissions: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Of each of these files that the night knew: submission_id, status, unit_code, reason and
    `findings` (instant.FINDING_COLUMNS), the errors first; by submission_id."""
    if not submissions or not desk.has_night:
        return {}
    asked = {"submissions": list(submissions)}
    with desk.warehouse() as con:
        verdicts = {
            row["submission_id"]: row | {"findings": []}
            for row in con.sql(query("judged_files"), params=asked).to_arrow_table().to_pylist()
        }
        findings = con.sql(query("findings_of_files"), params=asked).to_arrow_table().to_pylist()
    for finding in findings:
        verdicts[finding.pop("submission_id")]["findings"].append(finding)
    return verdicts
