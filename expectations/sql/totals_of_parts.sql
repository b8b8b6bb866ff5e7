-- Drops what was found of the total $field of the section $pairs in files whose own rows in the section $rows are a part
-- of those that count, but for what was found while reading.
DELETE FROM finding_placed AS p
WHERE list_contains($rules, rule) AND section = $pairs AND field = $field
  AND submission_id IN (SELECT submission_id FROM counted_section WHERE section = $rows AND NOT is_whole)
  AND NOT EXISTS (
      SELECT 1 FROM read_finding r JOIN submission s USING (sha256)
      WHERE s.submission_id = p.submission_id AND r.message = p.message)
