"""What is counted and not read from a cell: units, files and findings, each as parts of a figure with their files.

`counted_sql` yields: a number that keeps parts apart, unit_code, unit_name, row_name, field, value; then a place's
row_name, field, file_name, sheet, cell, raw_text, label and note (see `warehouse.why`).
"""

from __future__ import annotations

# The files that decide how far a unit is: of one that counts the first accepted, which says whether it came in time,
# and the latest, whose values count; of one that was returned all that came; of one that is missing none.
DECIDING = """
    SELECT file.* FROM submission AS file JOIN unit_status AS unit ON unit.unit_code = file.unit_code
    QUALIFY CASE unit.status
      WHEN 'accepted' THEN file.status = 'accepted' AND (
        file.submission_id = unit.submission_id OR 1 = row_number() OVER (
          PARTITION BY file.unit_code, file.status ORDER BY file.received_at, file.file_name, file.submission_id))
      ELSE file.status IN ('returned', 'rejected') AND NOT coalesce(file.set_aside, false) END"""

_CAME = "concat_ws('; ', 'nhận ' || strftime(file.received_at, '%H:%M ngày %d/%m/%Y'), file.reason)"

COUNTED = {
    "unit_status": f"""
        SELECT unit.rowid, unit.unit_code, unit_name, NULL, 'status',
               CASE WHEN unit.status <> 'accepted' THEN unit.status WHEN on_time THEN 'on_time' ELSE 'late' END,
               NULL, 'status', file.file_name, NULL, NULL, NULL, NULL, {_CAME}
        FROM (SELECT rowid, * FROM unit_status WHERE {{condition}}) AS unit
        LEFT JOIN ({DECIDING}) AS file ON file.unit_code = unit.unit_code
        WHERE $unit IS NULL OR unit.unit_code = $unit
        ORDER BY unit.rowid, file.received_at, file.file_name""",
    "submission": f"""
        SELECT file.rowid, file.unit_code, unit_name, NULL, 'status', file.status,
               NULL, 'status', file_name, NULL, NULL, NULL, NULL, {_CAME}
        FROM (SELECT rowid, * FROM submission WHERE {{condition}}) AS file
        LEFT JOIN unit_status ON unit_status.unit_code = file.unit_code
        WHERE $unit IS NULL OR file.unit_code = $unit
        ORDER BY file.rowid""",
    "finding": """
        SELECT told.rowid, file.unit_code, unit_name, row_name, field, rule, row_name, field, file_name, sheet, cell,
               value, NULL, message
        FROM (SELECT rowid, * FROM finding WHERE {condition}) AS told
        LEFT JOIN submission AS file USING (submission_id)
        LEFT JOIN unit_status ON unit_status.unit_code = file.unit_code
        WHERE $unit IS NULL OR file.unit_code = $unit
        ORDER BY file_name, sheet, length(cell), cell, rule, told.rowid""",
}


def counted_sql(table: str, condition: str | None) -> str:
    """The query for the rows of that table under that condition; it has the parameter $unit, NULL for all."""
    return COUNTED[table].format(condition=condition or "true")
