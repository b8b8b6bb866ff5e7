-- One row per content of which a required value waits for an officer: how many values wait, and the first of them.
CREATE OR REPLACE TABLE scan_on_hold AS
SELECT sha256, count(*) FILTER (WHERE required) AS required_values, count(*) AS all_values,
       arg_min(sheet, (row, page)) FILTER (WHERE required) AS sheet,
       arg_min(cell, (row, page)) FILTER (WHERE required) AS cell
FROM confirmation
WHERE state = 'waiting' AND sha256 NOT IN (SELECT sha256 FROM scan_copy)
GROUP BY sha256
HAVING required_values > 0
