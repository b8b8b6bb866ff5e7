-- What units wrote on one question, in the order of the registry.
SELECT unit_code, place.name, {{ field | identifier }} AS text
FROM unit_summary
JOIN unit_place AS place USING (unit_code)
WHERE {{ field | identifier }} IS NOT NULL
ORDER BY place.place
