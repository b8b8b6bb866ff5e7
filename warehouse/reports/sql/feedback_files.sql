-- Files that go back to their unit: returned, or rejected though the unit is known, but for those that an officer is to
-- look at first or has withdrawn. `has_report`: a file of the unit counts.
SELECT submission_id, unit_code, file_name, sha256, epoch(received_at) AS received, status, reason, replaced,
       unit_code IN (SELECT unit_code FROM submission WHERE status = 'accepted' AND unit_code IS NOT NULL) AS has_report
FROM reported_file
WHERE unit_code IS NOT NULL AND status IN ('returned', 'rejected') AND set_aside IS NOT TRUE
ORDER BY unit_code, received_at, file_name, submission_id
