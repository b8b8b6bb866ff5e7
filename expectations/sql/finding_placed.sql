-- The findings with their places, none yet.
CREATE OR REPLACE TABLE finding_placed (
    position BIGINT, submission_id VARCHAR, rule VARCHAR, section VARCHAR, row INTEGER, row_name VARCHAR, field VARCHAR,
    value VARCHAR, sheet VARCHAR, cell VARCHAR, message VARCHAR, decision_id INTEGER)
