-- The lines of organisations in the order of the registry's communes: who reported each, and its fields.
SELECT organisation, line.rowid AS line_id, coalesce(place.name, commune_code) AS commune, reporter.name AS reporter
       {%- for column, name in fields %}, line.{{ name | identifier }} AS {{ column | identifier }}{% endfor %}
FROM org_meeting AS line
LEFT JOIN unit_place AS place ON place.unit_code = line.commune_code
LEFT JOIN unit_place AS reporter ON reporter.unit_code = line.unit_code
ORDER BY place.place, commune_code
