-- Of those in $asked the units (the unit $unit, or all) of which no row of the table holds all fields.
SELECT unit_code, unit_name, status
FROM unit_status
WHERE list_has_any($asked, [unit_code, CASE unit_type WHEN 'district_org' THEN unit_type ELSE 'commune' END])
  AND unit_code NOT IN (
    SELECT unit_code FROM {{ table | identifier }}
    WHERE {% for field in fields %}{% if not loop.first %} AND {% endif %}{{ field | identifier }} IS NOT NULL{% endfor %})
  AND ($unit IS NULL OR unit_code = $unit)
ORDER BY rowid
