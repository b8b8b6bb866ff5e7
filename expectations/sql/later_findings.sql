-- Adds the notices to `finding_placed`, each at the place of its value, else of its row; of a row that the file does not
-- have there is no cell, but the sheet of its table.
INSERT INTO finding_placed
WITH about AS (
    SELECT n.*, d.sha256, d.position FROM notice n JOIN submission_draft d USING (submission_id)
),
place AS (
    SELECT a.submission_id, a.section, a.row, a.field,
           arg_min(struct_pack(sheet := f.sheet, cell := f.cell, raw := f.raw), (
               coalesce(f.field <> a.field, true), coalesce(f.row <> a.row, false), f.row, o.field_no, f.sheet, f.cell)) AS first
    FROM (SELECT DISTINCT submission_id, sha256, section, row, field FROM about) a
    JOIN fact f ON f.sha256 = a.sha256 AND f.section = a.section AND (a.row IS NULL OR f.row = a.row)
    JOIN form_field o ON o.section = f.section AND o.field = f.field
    GROUP BY ALL
),
row_names AS (
    SELECT submission_id, section, row, any_value(row_name) AS row_name FROM notice WHERE row_name IS NOT NULL GROUP BY ALL
)
SELECT a.position, a.submission_id, a.rule, a.section, a.row,
       coalesce(a.row_name, n.row_name, k.row_name), a.field,
       CASE WHEN a.row IS NOT NULL THEN nullif(p.first.raw, '') END,
       p.first.sheet, CASE WHEN a.row IS NOT NULL THEN p.first.cell END, a.message, a.decision_id
FROM about a
LEFT JOIN place p ON p.submission_id = a.submission_id AND p.section = a.section AND p.row IS NOT DISTINCT FROM a.row
    AND p.field IS NOT DISTINCT FROM a.field
LEFT JOIN row_names n ON n.submission_id = a.submission_id AND n.section = a.section AND n.row = a.row
LEFT JOIN unused_row k ON k.submission_id = a.submission_id AND k.section = a.section AND k.row = a.row
