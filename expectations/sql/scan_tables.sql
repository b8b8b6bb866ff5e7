-- Of contents that were read from pictures: their values (scans.py), which wait for an officer, and which are copies of
-- another content. None yet.
CREATE OR REPLACE TABLE confirmation (
    sha256 VARCHAR, section VARCHAR, row INTEGER, row_name VARCHAR, field VARCHAR, sheet VARCHAR, cell VARCHAR,
    page INTEGER, box VARCHAR, value VARCHAR, raw VARCHAR, confidence INTEGER, state VARCHAR, decision_id INTEGER,
    required BOOLEAN, is_sure BOOLEAN);
CREATE OR REPLACE TABLE scan_copy (sha256 VARCHAR, original VARCHAR)
