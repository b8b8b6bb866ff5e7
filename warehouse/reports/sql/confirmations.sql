-- One row per value read from a scan, those that wait first, then unit by unit; the first $most.
SELECT value.rowid, place.name AS unit, file.file_name AS file, section, row_name, field, page, sheet, cell, raw_text, value,
       confidence, state, value.decision_id, count(*) OVER () AS found
FROM confirmation AS value
JOIN submission AS file USING (submission_id)
LEFT JOIN unit_place AS place USING (unit_code)
ORDER BY state <> 'waiting', place.place, file.received_at, file_name, submission_id, page, value.rowid
LIMIT $most
