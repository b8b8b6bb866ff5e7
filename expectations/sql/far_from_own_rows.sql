-- Adds the counts of $section that are far from the other rows of their report, of which at least $rows give the value, and
-- at least $factor_of_peers times away from those of other units, where these are known.
INSERT INTO far_value
SELECT $section, position, row, field, 'own', own.quartiles[2], measure, own.row_count
FROM peer_value
JOIN own_usual AS own USING (position, field, alike)
LEFT JOIN peer_usual AS peer USING (field, alike)
WHERE whole_field IS NULL AND own.row_count >= $rows
  AND (is_far_above(amount, own.quartiles, $factor, $spreads, $floor) OR NOT is_limit AND is_far_below(amount, own.quartiles, $factor, $spreads))
  AND NOT coalesce(amount BETWEEN peer.quartiles[2] / $factor_of_peers AND peer.quartiles[2] * $factor_of_peers, false)
  AND (position, row, field) NOT IN (SELECT (position, row, field) FROM far_value WHERE section = $section)
