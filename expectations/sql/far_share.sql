-- Adds the counts of $section whose share of their limit is far below that of other units, else that of the report's other
-- rows. Where the share may well be small (a meeting that is still to come), only beside a limit that is $factor_of_whole
-- times the usual one. A limit that is far from the usual by itself is already listed, and of several shares of one limit one
-- is enough.
INSERT INTO far_value
SELECT $section, position, row, field, 'share', quartiles[2], measure, NULL
FROM (
    SELECT value.*, coalesce(peer.quartiles, own.quartiles) AS quartiles, coalesce(peer.usual_whole, own.usual_whole) AS usual_whole
    FROM peer_value AS value
    LEFT JOIN (FROM peer_usual WHERE unit_count >= $units) AS peer USING (field, alike)
    LEFT JOIN (FROM own_usual WHERE row_count >= $rows) AS own USING (position, field, alike)
    WHERE whole >= $whole
)
WHERE is_far_below(measure, quartiles, $factor, $spreads)
  AND (is_compared OR whole >= $factor_of_whole * usual_whole)
  AND (position, row, whole_field) NOT IN (SELECT (position, row, field) FROM far_value WHERE section = $section)
QUALIFY row_number() OVER (PARTITION BY position, row, whole_field ORDER BY is_compared DESC, field) = 1
