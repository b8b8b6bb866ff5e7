-- The contract's table of findings, in their order.
CREATE OR REPLACE TABLE finding AS
SELECT * EXCLUDE (finding_no) FROM finding_ordered ORDER BY finding_no
