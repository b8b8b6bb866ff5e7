-- One row per unit, key of unit_summary and file that gave it; keys that rows give are added from the rows.
CREATE OR REPLACE TEMP TABLE unit_key_file AS
SELECT DISTINCT unit_code, field AS key, submission_id
FROM lineage
WHERE table_name = 'unit_summary'
