-- One row per value of the mart $table in one of its columns $fields, in the order of the file; a unit's rows past the
-- first $most are left out.
SELECT unit_code, row_name, field, file_name, sheet, cell, raw_text
FROM page_place
WHERE table_name = $table AND list_contains($fields, field)
QUALIFY row_name IS NULL OR dense_rank() OVER (PARTITION BY unit_code ORDER BY row_name) <= $most
ORDER BY unit_code, file_name, sheet, TRY_CAST(regexp_extract(cell, '[0-9]+') AS INTEGER), length(cell), cell, row_name,
         field
