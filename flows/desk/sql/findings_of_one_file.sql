-- The findings of the file $submission, the errors first, then as they stand in the file.
SELECT rule, severity, section, row_name, field, value, sheet, cell, message
FROM finding
WHERE submission_id = $submission
ORDER BY severity <> 'error', sheet, TRY_CAST(regexp_extract(cell, '[0-9]+') AS INTEGER), cell, rowid
