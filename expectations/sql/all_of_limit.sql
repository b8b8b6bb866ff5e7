-- Adds the first row of each report in which at least $rows counts of $section, whose limits add up to $sum or more, all
-- equal their limit.
INSERT INTO far_value
SELECT $section, position, min(row), field, 'all', NULL, NULL, count(*)
FROM peer_value
WHERE is_compared AND whole > 0
GROUP BY position, field
HAVING count(*) >= $rows AND sum(whole) >= $sum AND bool_and(amount = whole)
