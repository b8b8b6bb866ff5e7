-- Temporary: one row per unit and key of `info` and `text`, with its place. A later accepted file replaces key by key;
-- a blank place replaces nothing, so that a mark left blank does not undo one set earlier, nor does a file set back.
SELECT submission.unit_code, submission.submission_id, fact.section, fact.field, fact.value,
       nullif(fact.raw, '') AS raw_text, fact.sheet, fact.cell
FROM work.fact AS fact
JOIN submission ON submission.sha256 = fact.sha256 AND submission.status = 'accepted'
LEFT JOIN work.file_turn AS file ON file.submission_id = submission.submission_id
WHERE fact.section IN ({{ form.sections | selectattr("layout", "eq", "pairs") | map(attribute="key") | literals }})
  AND fact.value IS NOT NULL
QUALIFY row_number() OVER (
  PARTITION BY submission.unit_code, fact.section, fact.field
  ORDER BY (fact.raw <> '') DESC, (file.set_back IS NULL) DESC, file.turn DESC, fact.sheet,
           length(fact.cell), fact.cell) = 1
