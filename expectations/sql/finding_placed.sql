-- The findings with their places, none yet; and what quotes a day as the unit sees it: the raw text 2022-07-05 of a cell
-- that is formatted as a day is 05/07/2022 (`day_first` of sources/text.py is the same).
CREATE OR REPLACE MACRO day_first(raw) AS
    regexp_replace(raw, '^(\d{4})-(\d\d)-(\d\d)( \d\d:\d\d)?(:\d\d)?$', '\3/\2/\1\4');
CREATE OR REPLACE TABLE finding_placed (
    position BIGINT, submission_id VARCHAR, rule VARCHAR, section VARCHAR, row INTEGER, row_name VARCHAR, field VARCHAR,
    value VARCHAR, sheet VARCHAR, cell VARCHAR, message VARCHAR, decision_id INTEGER)
