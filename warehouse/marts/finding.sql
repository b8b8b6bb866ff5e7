-- One row per breach of a rule, in the order of expectations/: by file, errors first, then as the form goes.
SELECT submission_id, rule, severity, section, row_name, field, value, sheet, cell, message, decision_id
FROM work.finding
ORDER BY rowid
