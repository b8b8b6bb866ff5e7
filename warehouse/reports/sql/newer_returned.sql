-- The units that count by an earlier file while one that came later went back to them.
SELECT unit_name, unit_type
FROM unit_status AS unit
JOIN submission AS counted ON counted.submission_id = unit.submission_id
JOIN submission AS newer ON newer.unit_code = unit.unit_code AND newer.received_at > counted.received_at
WHERE unit.status = 'accepted' AND newer.status = 'returned' AND newer.set_aside IS NOT TRUE
GROUP BY unit.rowid, unit_name, unit_type
ORDER BY unit.rowid
