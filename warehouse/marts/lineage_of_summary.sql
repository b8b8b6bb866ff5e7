-- One row per value of unit_summary that was read from a file. Where rows gave a key, its own cell in the file counts
-- for nothing and is not listed: that key is traced by its query to the rows, and these to their cells.
SELECT 'unit_summary' AS table_name, pair.unit_code, NULL AS row_name, pair.field, pair.submission_id, pair.sheet,
       pair.cell, pair.raw_text
FROM pair_value AS pair
ANTI JOIN (SELECT unit_code, field FROM rows_total WHERE value IS NOT NULL) AS win USING (unit_code, field)
WHERE pair.field IN ({{ pairs | map("last") | map(attribute="key") | literals }})
