-- One row per unit with an accepted report: what its rows give, else what it says of itself.
WITH own AS (
  SELECT unit_code
         {%- for section, field in pairs %},
         max(CASE WHEN section = '{{ section }}' AND field = '{{ field.key }}'
                  THEN TRY_CAST(value AS {{ field.sql_type }}) END) AS {{ field.key }}
         {%- endfor %}
  FROM pair_value
  GROUP BY unit_code
),
given_by_rows AS (
  SELECT unit_code
         {%- for section, field in pairs if field.from_rows %},
         max(CASE WHEN field = '{{ field.key }}' THEN TRY_CAST(value AS {{ field.sql_type }}) END) AS {{ field.key }}
         {%- endfor %}
  FROM rows_total
  GROUP BY unit_code
)
SELECT unit_code, submission_id
       {%- for section, field in pairs %},
       {% if field.from_rows %}coalesce(given_by_rows.{{ field.key }}, own.{{ field.key }}) AS {{ field.key }}
       {%- else %}own.{{ field.key }}{% endif %}
       {%- endfor %}
FROM unit_status
LEFT JOIN own USING (unit_code)
LEFT JOIN given_by_rows USING (unit_code)
WHERE status = 'accepted'
ORDER BY unit_code
