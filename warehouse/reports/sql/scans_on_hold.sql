-- By unit the names of its scans that wait for an officer to confirm them.
SELECT file.unit_code, list(file.file_name ORDER BY file.received_at)
FROM submission AS file
JOIN finding USING (submission_id)
WHERE
    file.status = 'held'
    AND finding.rule = 'scan_unconfirmed'
    AND file.unit_code IS NOT NULL
GROUP BY file.unit_code
