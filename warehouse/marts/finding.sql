-- One row per breach of a rule, in the order of the files and of the places in them.
SELECT finding.*
FROM work.finding AS finding
LEFT JOIN work.submission AS submission USING (submission_id)
ORDER BY submission.received_at, submission.file_name, finding.submission_id, finding.section, finding.sheet,
         length(finding.cell), finding.cell, finding.rule, finding.row_name, finding.field, finding.value, finding.message
