-- The findings of the file $submission.
SELECT rule, section, row_name, field, severity FROM finding WHERE submission_id = $submission
