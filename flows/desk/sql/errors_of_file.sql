-- The errors of the file $submission, as decisions name them.
SELECT DISTINCT rule, section, row_name, field
FROM finding
WHERE submission_id = $submission AND severity = 'error'
ORDER BY ALL
