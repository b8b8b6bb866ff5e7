-- Decisions that hold between two sources of the same fact.
SELECT decision_id
FROM decision
WHERE kind = 'settle' AND state IN ('in_force', 'unmatched')
