-- The rows of the section {{ section.key | literal }}, each value typed, before identical rows are reduced to one. A section
-- of pairs has a row for every submission that was read, whether or not it has anything there.
CREATE OR REPLACE TABLE {{ ("batch_" ~ section.key) | identifier }} AS
WITH typed AS (
    SELECT d.position, coalesce(f.row, 0) AS row
           {%- for field in section.fields %},
           {% if field.sql_type == "VARCHAR" -%}
           nullif(trim(max(f.value) FILTER (WHERE f.field = {{ field.key | literal }})), '')
           {%- else -%}
           max(TRY_CAST(f.value AS {{ field.sql_type | sql }})) FILTER (WHERE f.field = {{ field.key | literal }})
           {%- endif %} AS {{ field.column_name | identifier }}
           {%- endfor %}
           {%- for type, column in untyped.items() %}{% set fields = section.fields | selectattr("type", "eq", type) | list %},
           string_agg(f.field, ',' ORDER BY f.field) FILTER (
               WHERE {% if fields[0].sql_type == "VARCHAR" %}f.value
                     {%- else %}TRY_CAST(f.value AS {{ fields[0].sql_type | sql }}){% endif %} IS NULL
                 AND f.raw <> '' AND f.field IN ({{ fields | map(attribute="key") | literals }}))
               AS {{ column | identifier }}
           {%- endfor %}
    FROM submission_draft d
    {% if section.layout == "pairs" %}LEFT{% endif %} JOIN fact f ON f.sha256 = d.sha256 AND f.section = {{ section.key | literal }}
    WHERE d.read AND d.duplicate_of IS NULL
    GROUP BY d.position, f.row
)
SELECT d.submission_id, d.unit_code, d.reporter, d.received_at, typed.* EXCLUDE (position)
FROM typed
JOIN submission_draft d USING (position)
