-- A row per value that a figure is made from, of the unit $unit or of all: unit_code, submission_id, row_name, place (its
-- row), field, value, field_place.
SELECT * FROM (
  SELECT unit_code, submission_id, {{ row_name | sql }} AS row_name, rowid AS place,
         unnest([
           {%- for field in fields %}
           struct_pack(field := {{ field | literal }}, value := CAST({{ field | identifier }} AS VARCHAR),
                       field_place := {{ loop.index0 }}){% if not loop.last %},{% endif %}
           {%- endfor %}], recursive := true)
  FROM {{ table | identifier }}
  WHERE ({{ condition | sql }}) AND ($unit IS NULL OR unit_code = $unit)
) WHERE value IS NOT NULL
