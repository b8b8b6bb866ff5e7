-- The first $most flagged meetings, with how many there are; `line` is the meeting's name: its key with labels instead of
-- codes; `reasons`: why it is flagged.
SELECT mart, line_id, place.name AS unit, kind, line, first_on, last_on, reasons, count(*) OVER () AS found
FROM (
  {%- for flagged in sections %}
  {% if not loop.first %}UNION ALL{% endif %}
  SELECT {{ flagged.mart | literal }} AS mart, line.rowid AS line_id, unit_code, {{ flagged.title | literal }} AS kind,
         concat_ws(', '
           {%- for field in flagged.named %},
           {% if field.type == "commune" -%}
           (SELECT name FROM unit_place WHERE unit_place.unit_code = line.{{ field.column_name | identifier }})
           {%- elif field.choice -%}
           CASE {{ field.column_name | identifier }}
             {%- for choice in field.choice %} WHEN {{ choice.code | literal }} THEN {{ choice.label | literal }}{% endfor %}
             ELSE {{ field.column_name | identifier }} END
           {%- else -%}
           {{ field.column_name | identifier }}
           {%- endif %}
           {%- endfor %}) AS line,
         {% if flagged.days -%}
         {{ flagged.days[0] | identifier }} AS first_on, {{ flagged.days[-1] | identifier }} AS last_on,
         {%- else -%}
         NULL::DATE AS first_on, NULL::DATE AS last_on,
         {%- endif %}
         concat_ws('; '
           {%- for reason in flagged.reasons %},
           CASE WHEN {{ reason.condition | sql }} THEN {{ reason.explanation | sql }} END
           {%- endfor %}) AS reasons
  FROM {{ flagged.mart | identifier }} AS line
  {%- endfor %}
)
LEFT JOIN unit_place AS place USING (unit_code)
WHERE reasons <> ''
ORDER BY place.place, unit_code, kind, line, first_on, reasons
LIMIT $most
