-- Per row of a section: whether it meets the conditions of the campaign's own rules, and what their messages show.
-- Where a report has rows, these give its totals (docs/domain.md). What cannot be computed of a row (TRY) is not known,
-- and what is not known is no breach.
SELECT submission_id, row
       {%- for column, condition in conditions %},
       coalesce(TRY((
           {{ condition | sql }}
       )), true) AS {{ column | identifier }}
       {%- endfor %}
       {%- for column, expression in shown %},
       {{ expression | sql }} AS {{ column | identifier }}
       {%- endfor %}
FROM (
    SELECT b.*
           {%- if totals %} REPLACE (
           {%- for total in totals %}
               coalesce({{ ("chk_rows_" ~ total) | identifier }}, b.{{ total | identifier }}) AS {{ total | identifier }}
               {%- if not loop.last %},{% endif %}
           {%- endfor %}
           )
           {%- endif %}
    FROM {{ table | identifier }} b
    {% for totals_query in joined -%}
    LEFT JOIN ({{ totals_query | sql }}) USING (submission_id)
    {% endfor -%}
)
