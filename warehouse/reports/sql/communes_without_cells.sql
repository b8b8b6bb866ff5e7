-- The communes that count, and of whose cells no row was reported.
SELECT unit_name, unit_type
FROM unit_status
WHERE status = 'accepted' AND unit_type <> 'district_org' AND unit_code NOT IN (SELECT unit_code FROM cell_meeting)
ORDER BY rowid
