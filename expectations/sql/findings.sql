-- Adds to `finding` what stands in `broken`, each at its sheet and cell: the fact's, or, where the file has no such
-- place (a column that is absent), the first place of the row.
INSERT INTO finding_placed
WITH row_names AS (
    {% for row_names in row_names_of_tables -%}
    {{ row_names | sql }}
    UNION ALL
    {% endfor -%}
    SELECT submission_id, section, row, row_name FROM repeated_row
),
breach AS (
    SELECT d.submission_id, d.sha256, b.* FROM broken b JOIN submission_draft d USING (position)
),
exact AS (
    SELECT f.sha256, f.section, f.row, f.field, min(f.raw) AS raw, arg_min(f.sheet, (f.sheet, f.cell)) AS sheet,
           arg_min(f.cell, (f.sheet, f.cell)) AS cell
    FROM fact f
    SEMI JOIN breach b ON b.sha256 = f.sha256 AND b.section = f.section AND b.place_row = f.row AND b.field = f.field
    GROUP BY ALL
),
lost AS (
    SELECT DISTINCT sha256, section, place_row FROM breach b
    WHERE place_row > 0 AND NOT EXISTS (
        SELECT 1 FROM exact e WHERE e.sha256 = b.sha256 AND e.section = b.section AND e.row = b.place_row
            AND e.field = b.field)
),
first_of_row AS (
    SELECT f.sha256, f.section, f.row, arg_min(f.sheet, (o.field_no, f.sheet, f.cell)) AS sheet,
           arg_min(f.cell, (o.field_no, f.sheet, f.cell)) AS cell
    FROM fact f
    JOIN lost l ON l.sha256 = f.sha256 AND l.section = f.section AND l.place_row = f.row
    JOIN form_field o ON o.section = f.section AND o.field = f.field
    GROUP BY f.sha256, f.section, f.row
)
SELECT b.position, b.submission_id, b.rule, b.section, b.row, n.row_name, b.field,
       nullif(coalesce(b.value, e.raw), '') AS value,
       coalesce(b.sheet, e.sheet, r.sheet) AS sheet, coalesce(b.cell, e.cell, r.cell) AS cell,
       replace(b.message, '{raw}', left(day_first(coalesce(b.value, e.raw, '')), 80)) AS message, NULL AS decision_id
FROM breach b
LEFT JOIN row_names n ON n.submission_id = b.submission_id AND n.section = b.section AND n.row = b.row
LEFT JOIN exact e ON e.sha256 = b.sha256 AND e.section = b.section AND e.row = b.place_row AND e.field = b.field
LEFT JOIN first_of_row r ON r.sha256 = b.sha256 AND r.section = b.section AND r.row = b.place_row
