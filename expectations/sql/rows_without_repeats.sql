-- Moves the rows of {{ table | identifier }} that repeat an earlier one in every value to `repeated_row`.
INSERT INTO repeated_row
SELECT named.*
FROM ({{ row_names | sql }}) AS named
JOIN {{ table | identifier }} AS b USING (submission_id, row)
WHERE b.chk_time > 1
ORDER BY ALL;

DELETE FROM {{ table | identifier }} WHERE chk_time > 1;

ALTER TABLE {{ table | identifier }} DROP COLUMN chk_time
