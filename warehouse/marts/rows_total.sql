-- Temporary: one row per unit and key of `info` that its reported rows give, with the value. Where the unit's table does
-- not have the column, its own total stands.
{% from "macros.sql" import counted_rows with context -%}
{% for section, wins, columns in keys_from_rows -%}
{% if not loop.first %}UNION ALL{% endif %}
SELECT unit_code, unnest([
  {%- for win in wins %}
    struct_pack(field := {{ win.key | literal }}, value := {% if win.columns -%}
      CASE WHEN {% for key in win.columns %}bool_or({{ ("has_" ~ key) | identifier }}){% if not loop.last %} AND {% endif %}{% endfor %}
           THEN CAST({{ win.value | sql }} AS BIGINT) END {%- else -%} CAST({{ win.value | sql }} AS BIGINT) {%- endif %})
    {%- if not loop.last %},{% endif %}
  {%- endfor %}], recursive := true)
FROM {{ section.table | identifier }}
LEFT JOIN (
  SELECT counted.unit_code AS unit_code
         {%- for key in columns %},
         bool_or(fact.field = {{ key | literal }}) AS {{ ("has_" ~ key) | identifier }}{% endfor %}
  FROM work.counted_section AS counted
  JOIN submission USING (submission_id)
  JOIN work.fact AS fact ON fact.sha256 = submission.sha256 AND fact.section = counted.section
  WHERE counted.section = {{ section.key | literal }}
  GROUP BY counted.unit_code
) AS reported USING (unit_code)
GROUP BY unit_code
{% else -%}
SELECT NULL::VARCHAR AS unit_code, NULL::VARCHAR AS field, NULL::BIGINT AS value WHERE false
{% endfor %}
