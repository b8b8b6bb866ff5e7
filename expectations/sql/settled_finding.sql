-- Notes at the findings of two lines between which the decision $id chooses that it does.
UPDATE finding_placed AS p SET decision_id = d.decision_id
FROM decided d
JOIN unit c ON c.unit_code = d.commune_code
WHERE d.decision_id = $id AND p.rule = 'sources_differ' AND p.row_name = c.unit_name
  AND p.submission_id IN (SELECT s.submission_id FROM submission s JOIN unit u USING (unit_code)
                          WHERE u.kind = d.organisation)
