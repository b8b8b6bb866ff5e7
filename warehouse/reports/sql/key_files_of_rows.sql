-- Adds to unit_key_file the files whose rows in the table give the key $key.
INSERT INTO unit_key_file
SELECT DISTINCT unit_code, $key, submission_id FROM {{ table | identifier }}
