-- Notes at the findings on the time of receipt that the decision $id settles that it does.
UPDATE finding_placed AS p SET decision_id = d.decision_id
FROM decided d
WHERE d.decision_id = $id AND p.submission_id = d.submission_id
  AND p.rule IN ('received_unlikely', 'received_before_seen')
