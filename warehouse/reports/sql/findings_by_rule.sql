-- One row per rule that is broken where nothing has replaced it, the errors first: how often, and in how many units.
SELECT rule, severity, count(*) AS findings, count(DISTINCT coalesce(file.unit_code, submission_id)) AS units
FROM finding
JOIN file_told AS file USING (submission_id)
WHERE NOT finding.replaced
GROUP BY rule, severity
ORDER BY severity <> 'error', findings DESC, rule
