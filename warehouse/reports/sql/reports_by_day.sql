-- Days on which a unit's first accepted report came, with the number of such units, in the campaign's time zone.
SELECT CAST(timezone($zone, first_accepted) AS DATE) AS day, count(*) AS units
FROM (
  SELECT min(received_at) AS first_accepted
  FROM submission
  WHERE status = 'accepted' AND unit_code IS NOT NULL
  GROUP BY unit_code
)
GROUP BY day
ORDER BY day
