-- The submission and row of each unit's latest accepted report, of which the values outside tables are peers.
SELECT s.unit_code, arg_max(submission_id, d.position) AS submission_id, 0 AS row
FROM submission s
JOIN submission_draft d USING (submission_id)
WHERE s.status = 'accepted'
GROUP BY s.unit_code
