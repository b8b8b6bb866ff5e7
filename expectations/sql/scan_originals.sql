-- Each content with values from pictures, a name of its file, and the contents of the same unit that have none.
WITH unit_of AS (
    SELECT a.sha256, min(a.file_name) AS file_name, min(a.received_at) AS received_at,
           coalesce(any_value(t.by_name), any_value(c.unit_code)) AS unit_code,
           bool_or(a.sha256 IN (SELECT sha256 FROM confirmation)) AS is_scan
    FROM arrival a
    JOIN content c USING (sha256)
    LEFT JOIN arrival_identity t USING (submission_id)
    WHERE a.received_at <= $as_of AND c.outcome = 'read'
      AND a.submission_id NOT IN (SELECT submission_id FROM decided WHERE kind = 'withdraw')
    GROUP BY a.sha256
)
SELECT scan.sha256, scan.file_name, list(other.sha256 ORDER BY other.received_at DESC, other.sha256)
FROM unit_of scan
JOIN unit_of other ON other.unit_code = scan.unit_code AND NOT other.is_scan
WHERE scan.is_scan
GROUP BY scan.sha256, scan.file_name
ORDER BY scan.sha256
