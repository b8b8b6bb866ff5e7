-- A finding for each value that waits in a content that counts without it.
INSERT INTO read_finding BY NAME
SELECT c.sha256, 'value_unconfirmed' AS rule, c.section, nullif(c.row, 0) AS row, c.row_name, c.field, nullif(c.raw, '') AS value,
       c.sheet, c.cell, replace(replace($message, '{label}', l.label), '{raw}', c.raw) AS message
FROM confirmation c
JOIN field_label l USING (section, field)
WHERE c.state = 'waiting' AND c.raw <> ''
  AND c.sha256 NOT IN (SELECT sha256 FROM scan_copy UNION ALL SELECT sha256 FROM scan_on_hold)
