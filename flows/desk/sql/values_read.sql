-- What was read of the file $submission, at most $most places: their section, row, field, value and raw text.
SELECT f.section, f.row, f.field, f.value, left(f.raw, $letters) AS raw, f.sheet, f.cell
FROM submission_draft d
JOIN fact f USING (sha256)
WHERE d.submission_id = $submission
ORDER BY f.row, f.rowid
LIMIT $most
