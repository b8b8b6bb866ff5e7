-- The first $most findings of each file that goes back, errors first, in the order of the file.
SELECT submission_id, severity, rule, section, row_name, field, left(value, $longest) AS value, sheet, cell, message
FROM finding
JOIN submission AS file USING (submission_id)
WHERE file.unit_code IS NOT NULL AND file.status IN ('returned', 'rejected')
QUALIFY row_number() OVER (
  PARTITION BY submission_id
  ORDER BY severity <> 'error', section NULLS FIRST, sheet, length(cell), cell, rule, row_name, field, value, message
) <= $most
ORDER BY submission_id, severity <> 'error', section NULLS FIRST, sheet, length(cell), cell, rule, row_name, field,
         value, message
