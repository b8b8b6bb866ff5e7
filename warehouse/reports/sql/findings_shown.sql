-- The first $most findings of each unit: files that still count before those that were replaced, are held or were
-- withdrawn, errors before warnings.
SELECT submission_id, rule, severity, section, row_name, field,
       left(value, $longest) AS value, sheet, cell, left(message, $longest) AS message
FROM reported_finding AS finding
JOIN reported_file AS file USING (submission_id)
WHERE file.unit_code IS NOT NULL
QUALIFY row_number() OVER (
  PARTITION BY file.unit_code
  ORDER BY file.replaced OR file.set_aside IS TRUE, severity <> 'error', received_at, file_name, submission_id, section NULLS FIRST,
           sheet, length(cell), cell, rule, row_name, field, value, message) <= $most
ORDER BY submission_id, severity <> 'error', section NULLS FIRST, sheet, length(cell), cell, rule, row_name, field,
         value, message
