-- By unit the names of its scans that wait for an officer to confirm them.
SELECT unit_code, list(file_name ORDER BY received_at)
FROM submission
JOIN finding USING (submission_id)
WHERE status = 'held' AND rule = 'scan_unconfirmed' AND unit_code IS NOT NULL
GROUP BY unit_code
