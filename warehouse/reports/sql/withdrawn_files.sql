-- By unit the names of its files that an officer has withdrawn.
SELECT unit_code, list(file_name ORDER BY received_at)
FROM submission
WHERE status = 'rejected' AND set_aside AND unit_code IS NOT NULL
GROUP BY unit_code
