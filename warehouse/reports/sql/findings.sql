-- One row per finding, unit by unit; of more than $most the errors are kept before the warnings.
SELECT place.name, file.file_name, file.status, file.set_aside, finding.replaced, severity, rule, section, row_name, field,
       value, sheet, cell, message, finding.rowid, count(*) OVER () AS found
FROM finding
LEFT JOIN reported_file AS file USING (submission_id)
LEFT JOIN unit_place AS place ON place.unit_code = file.unit_code
QUALIFY row_number() OVER (
  ORDER BY severity <> 'error', place.place, file.received_at, file_name, submission_id, section NULLS FIRST, sheet,
           length(cell), cell, rule, row_name, field, value, message) <= $most
ORDER BY place.place, file.received_at, file_name, submission_id, severity <> 'error', section NULLS FIRST, sheet,
         length(cell), cell, rule, row_name, field, value, message
