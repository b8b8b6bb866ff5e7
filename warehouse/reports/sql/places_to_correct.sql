-- What the units with a returned report have to correct: the fields with errors in it, each once.
SELECT unit_name, unit_type, section, field, any_value(rule) AS rule
FROM unit_status AS unit
JOIN submission AS file ON file.unit_code = unit.unit_code AND file.status IN ('returned', 'rejected')
  AND file.set_aside IS NOT TRUE
LEFT JOIN finding ON finding.submission_id = file.submission_id AND severity = 'error' AND NOT replaced
WHERE unit.status = 'returned'
GROUP BY unit.rowid, unit_name, unit_type, section, field
ORDER BY unit.rowid, section, field
