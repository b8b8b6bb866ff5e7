-- The values of a scan of which its reader is sure, and the names of its rows, in the order of the report.
SELECT section, row, field, value, raw, sheet, cell FROM confirmation
WHERE sha256 = $sha256 AND value IS NOT NULL
  AND (is_sure OR state IN ('confirmed', 'corrected') OR list_contains($row_keys, section || ':' || field))
ORDER BY section, row, field
