-- A SHA-256 over the rows of a table with their units, whatever their order: unit_code and the columns $fields, as text.
SELECT sha256(coalesce(string_agg(line, chr(10) ORDER BY line), '')) AS digest
FROM (
  SELECT CAST(to_json([CAST(unit_code AS VARCHAR){% for field in fields %}, CAST({{ field | identifier }} AS VARCHAR){% endfor %}]) AS VARCHAR) AS line
  FROM {{ table | identifier }}
)
