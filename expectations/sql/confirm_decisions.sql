-- What officers said stands in boxes of pages, the latest first.
SELECT sha256, decision_id, page, box, section, field, value FROM decided WHERE kind = 'confirm' ORDER BY decision_id DESC
