-- Per {{ of | identifier }} with rows in the table: the totals that these rows give. A total is NULL where the report lacks
-- a column that it is read from: such rows say nothing of it, and the unit's own total stands, as in the warehouse.
SELECT {{ of | identifier }}
       {%- for field, keys in totals %},
       {% if keys -%}
       CASE WHEN {% for key in keys %}bool_or({{ ("has_" ~ key) | identifier }}){% if not loop.last %} AND {% endif %}{% endfor %}
            THEN ({{ field.from_rows.value | sql }})::BIGINT END
       {%- else -%}
       ({{ field.from_rows.value | sql }})::BIGINT
       {%- endif %} AS {{ ("chk_rows_" ~ field.column_name) | identifier }}
       {%- endfor %}
FROM {{ table | identifier }}
{% if keys -%}
LEFT JOIN (
    SELECT {{ of | identifier }}
           {%- for key in keys %},
           bool_or(fact.field = {{ key | literal }}) AS {{ ("has_" ~ key) | identifier }}
           {%- endfor %}
    FROM submission_draft
    JOIN fact USING (sha256)
    {% if of == "unit_code" -%}
    SEMI JOIN counted_section USING (submission_id, section)
    {% endif -%}
    WHERE fact.section = {{ section | literal }} AND fact.field IN ({{ keys | literals }})
    GROUP BY {{ of | identifier }}
) USING ({{ of | identifier }})
{% endif -%}
GROUP BY {{ of | identifier }}
