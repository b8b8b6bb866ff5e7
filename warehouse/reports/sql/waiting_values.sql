-- The values of a submission that wait for an officer: unit and days first, then page by page as they stand.
SELECT s.sha256, section, field, row_name, page, box, raw_text, confidence, required
FROM confirmation
JOIN submission AS s USING (submission_id)
WHERE submission_id = $submission AND state = 'waiting'
ORDER BY row_name IS NOT NULL, NOT required, page, CAST(split_part(box, ',', 2) AS INTEGER) // 60,
         CAST(split_part(box, ',', 1) AS INTEGER), section, field
