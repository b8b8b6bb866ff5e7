-- Adds to {{ table | identifier }} what was read from the arrived contents, of the Parquet files $files.
INSERT INTO {{ table | identifier }}
SELECT {{ columns | identifiers }}
FROM read_parquet($files)
WHERE sha256 IN (SELECT sha256 FROM arrival)
