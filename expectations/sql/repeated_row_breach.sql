-- Adds to `broken` the rows of the section $section that repeat another, at their field $field.
INSERT INTO broken
SELECT d.position, 'repeated_row', r.section, r.row, r.row, $field, NULL, NULL, NULL, $message
FROM repeated_row r
JOIN submission_draft d USING (submission_id)
WHERE r.section = $section
