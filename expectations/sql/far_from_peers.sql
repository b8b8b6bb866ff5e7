-- Adds the counts of $section that are far from those of other units: at least $units give the value.
INSERT INTO far_value
SELECT $section, position, row, field, 'peers', quartiles[2], measure, NULL
FROM peer_value
JOIN peer_usual USING (field, alike)
WHERE whole_field IS NULL AND unit_count >= $units AND amount <= likely_max
  AND (is_far_above(amount, quartiles, $factor, $spreads, $floor) OR NOT is_limit AND is_far_below(amount, quartiles, $factor, $spreads))
