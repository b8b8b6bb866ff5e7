-- The rows of a figure's table that count for it, of the units $traced, by their names.
SELECT unit_code, {{ row_name | sql }} AS row_name
FROM {{ table | identifier }}
WHERE ({{ condition | sql }}) AND {{ field | identifier }} IS NOT NULL AND unit_code IN (SELECT unnest($traced))
