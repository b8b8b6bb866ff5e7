-- The units whose share differs between the nights, in the order of the registry: code, name, share before and after.
SELECT coalesce(before.unit_code, after.unit_code) AS code, unit_name, before.share, after.share
FROM share_old AS before
FULL JOIN share_new AS after ON after.unit_code IS NOT DISTINCT FROM before.unit_code
LEFT JOIN new.unit_status AS unit ON unit.unit_code = coalesce(before.unit_code, after.unit_code)
WHERE before.share IS DISTINCT FROM after.share
ORDER BY unit.rowid NULLS LAST
