-- The organisations in communes on which reports of several units differ, with these units.
SELECT r.organisation, r.commune_code, list(DISTINCT r.unit_code ORDER BY r.unit_code) AS units
FROM org_meeting_reported AS r
JOIN unit_status AS u ON u.unit_code = r.commune_code
WHERE u.unit_name IN (SELECT f.row_name FROM finding AS f WHERE f.rule = 'sources_differ')
GROUP BY r.organisation, r.commune_code
HAVING count(DISTINCT r.unit_code) > 1
ORDER BY r.commune_code, r.organisation
