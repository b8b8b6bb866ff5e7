-- The findings of the files $submissions: of each the errors first, then as they stand in the file.
SELECT submission_id, severity, rule, section, row_name, field, value, sheet, cell, message
FROM finding
WHERE list_contains($submissions, submission_id)
ORDER BY
    severity <> 'error', sheet, TRY_CAST(regexp_extract(cell, '[0-9]+') AS INTEGER), cell, rowid
