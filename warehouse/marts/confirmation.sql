-- One row per value that was read from a picture, of the submission whose file holds it.
SELECT s.submission_id, c.section, c.row_name, c.field, c.page, c.box, c.value, c.confidence, c.state, c.decision_id,
       c.raw AS raw_text, c.sheet, c.cell, c.required
FROM work.confirmation c
JOIN work.submission_draft s ON s.sha256 = c.sha256 AND s.duplicate_of IS NULL
ORDER BY s.position, c.section, c.row, c.field, c.page, c.box
