-- The tables of units that have the same rows as another unit's (copied_rows.sql).
CREATE OR REPLACE TEMP TABLE copied_table (
    section VARCHAR, unit_code VARCHAR, other_code VARCHAR, same BIGINT, rows BIGINT, submission_id VARCHAR, row INTEGER,
    other_submission_id VARCHAR)
