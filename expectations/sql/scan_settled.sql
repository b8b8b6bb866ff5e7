-- Leaves of scans what is settled: nothing of one that is on hold; of others corrected values as the officer gave them, and
-- no value that waits.
DELETE FROM read_finding WHERE sha256 IN (SELECT sha256 FROM scan_on_hold);
DELETE FROM fact WHERE sha256 IN (SELECT sha256 FROM scan_on_hold);

DELETE FROM read_finding
WHERE rule <> 'value_unconfirmed'
  AND (sha256, sheet, cell) IN (SELECT (sha256, sheet, cell) FROM confirmation WHERE state = 'corrected');

UPDATE fact
SET value = CASE c.state WHEN 'corrected' THEN c.value END, raw = CASE c.state WHEN 'corrected' THEN c.raw ELSE '' END
FROM confirmation c
WHERE c.state IN ('corrected', 'waiting') AND fact.sha256 = c.sha256 AND fact.section = c.section AND fact.row = c.row
  AND fact.field = c.field AND fact.sheet = c.sheet AND fact.cell = c.cell;

UPDATE content SET unit_code = c.value
FROM confirmation c
WHERE c.sha256 = content.sha256 AND c.state = 'corrected' AND c.section = {{ unit_section | literal }} AND c.field = {{ unit_field | literal }};

DELETE FROM confirmation WHERE sha256 IN (SELECT sha256 FROM scan_copy)
