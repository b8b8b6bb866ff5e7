-- The values of the units $traced that were read from a file, once for all queries of page_sources.
CREATE OR REPLACE TEMP TABLE page_place AS
SELECT table_name, value.unit_code, row_name, field, file_name, sheet, cell, left(raw_text, $longest) AS raw_text
FROM lineage AS value
JOIN submission USING (submission_id)
WHERE value.unit_code IN (SELECT unnest($traced)) AND table_name IN (SELECT unnest($tables))
