-- One row per unit with an accepted report: the totals from its rows, else those that it reports itself.
WITH own AS (
  SELECT unit_code
         {%- for section, field in pairs %},
         max(CASE WHEN section = {{ section | literal }} AND field = {{ field.key | literal }}
                  THEN TRY_CAST(value AS {{ field.sql_type | sql }}) END) AS {{ field.key | identifier }}
         {%- endfor %}
  FROM pair_value
  GROUP BY unit_code
),
given_by_rows AS (
  SELECT unit_code
         {%- for section, field in pairs if field.from_rows %},
         max(CASE WHEN field = {{ field.key | literal }} THEN TRY_CAST(value AS {{ field.sql_type | sql }}) END) AS {{ field.key | identifier }}
         {%- endfor %}
  FROM rows_total
  GROUP BY unit_code
)
SELECT unit_code, submission_id
       {%- for section, field in pairs %},
       {% if field.from_rows %}coalesce(given_by_rows.{{ field.key | identifier }}, own.{{ field.key | identifier }}) AS {{ field.key | identifier }}
       {%- else %}own.{{ field.key | identifier }}{% endif %}
       {%- endfor %}
FROM unit_status
LEFT JOIN own USING (unit_code)
LEFT JOIN given_by_rows USING (unit_code)
WHERE status = 'accepted'
ORDER BY unit_code
