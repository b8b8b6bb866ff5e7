-- Of each rule, section and field the first $most findings: file, row, sheet and cell, value, in one text.
SELECT f.rule, f.section, f.field, concat_ws(' · ', d.file_name, f.row_name, f.sheet, f.cell, f.value) AS place
FROM finding_ordered f
JOIN submission_draft d USING (submission_id)
QUALIFY row_number() OVER (PARTITION BY f.rule, f.section, f.field ORDER BY f.finding_no) <= $most
ORDER BY f.finding_no
