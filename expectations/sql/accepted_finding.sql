-- Notes at the findings that the decision $id accepts that it does.
UPDATE finding_placed AS p SET decision_id = d.decision_id
FROM decided d
WHERE d.decision_id = $id AND p.submission_id = d.submission_id AND p.rule = d.rule
  AND coalesce(d.section = p.section, d.section IS NULL) AND coalesce(d.row_name = p.row_name, d.row_name IS NULL)
  AND coalesce(d.field = p.field, d.field IS NULL)
