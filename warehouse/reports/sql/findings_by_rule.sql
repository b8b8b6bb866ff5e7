-- One row per rule that is broken in what is counted, errors first: how often, in how many units, and these by name
-- where they are few.
SELECT rule, severity, count(*) AS findings, count(DISTINCT coalesce(finding.unit_code, submission_id)) AS units,
       CASE WHEN units <= $most THEN list_sort(list(DISTINCT coalesce(unit_name, file_name))) ELSE [] END AS names
FROM finding
JOIN submission USING (submission_id)
LEFT JOIN unit_status ON unit_status.unit_code = finding.unit_code
WHERE counted
GROUP BY rule, severity
ORDER BY severity <> 'error', findings DESC, rule
