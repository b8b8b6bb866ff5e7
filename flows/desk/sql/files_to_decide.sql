-- The files that do not count, or not whole, each with why; the newest first.
SELECT
    s.submission_id, s.file_name, s.status, s.unit_code, s.reason,
    EXISTS (
        FROM finding AS f
        WHERE f.submission_id = s.submission_id AND list_contains($replaceable, f.rule)
    ) AS is_partly_taken
FROM submission AS s
WHERE s.status IN ('returned', 'rejected', 'held') OR is_partly_taken
ORDER BY s.received_at DESC, s.file_name
