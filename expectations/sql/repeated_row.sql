-- The rows that repeat an earlier one of their file in every value, none yet.
CREATE OR REPLACE TABLE repeated_row (submission_id VARCHAR, section VARCHAR, row INTEGER, row_name VARCHAR)
