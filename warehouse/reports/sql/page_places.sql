-- One row per value of the mart $table behind one of $fields, of the units $traced: where it stands in which file, in
-- the order of the file. A unit's rows past the first $most are left out.
SELECT value.unit_code, row_name, field, file_name, sheet, cell, left(raw_text, $longest) AS raw_text
FROM lineage AS value
JOIN submission USING (submission_id)
WHERE table_name = $table AND list_contains($fields, field) AND value.unit_code IN (SELECT unnest($traced))
QUALIFY row_name IS NULL OR dense_rank() OVER (PARTITION BY value.unit_code ORDER BY row_name) <= $most
ORDER BY value.unit_code, file_name, sheet, TRY_CAST(regexp_extract(cell, '[0-9]+') AS INTEGER), length(cell), cell, row_name,
         field
