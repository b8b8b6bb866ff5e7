-- How many rows each of the units $traced has in the table.
SELECT unit_code, count(*) AS rows
FROM {{ table | identifier }}
WHERE unit_code IN (SELECT unnest($traced))
GROUP BY unit_code
