-- How many unlikely values and copied tables are counted, and the first $most of them: unit by unit, as they stand in the file.
SELECT count(*) OVER () AS found, unit_name, finding.unit_code, file_name, concat_ws(', ', sheet, cell) AS place,
       section, row_name, field, left(value, $longest) AS value, left(message, $longest) AS message
FROM finding
JOIN submission AS file USING (submission_id)
JOIN unit_status AS unit ON unit.unit_code = finding.unit_code
WHERE list_contains($rules, rule) AND counted
ORDER BY unit.rowid, file.received_at, file_name, submission_id, section, sheet, length(cell), cell, field, message
LIMIT $most
