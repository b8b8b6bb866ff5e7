-- The values of a content, in the order of the report.
SELECT section, row, field, value, raw, sheet, cell FROM fact WHERE sha256 = $sha256 AND value IS NOT NULL
ORDER BY section, row, field
