-- The rows with chk_row_key and chk_time: 2 and more where a row the same in every value of `same` stands above it. Such
-- rows count once (docs/domain.md, "What makes a number wrong").
CREATE OR REPLACE TABLE {{ table | identifier }} AS
SELECT *, row_number() OVER (PARTITION BY submission_id, chk_row_key, {{ same | identifiers }} ORDER BY row) AS chk_time
FROM (SELECT b.*, {{ key | sql }} AS chk_row_key FROM {{ table | identifier }} b)
