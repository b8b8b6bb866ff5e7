-- What each unit gives to a figure of the night `side`: unit_code, share. Of what is counted a unit gives 0 where its rows are
-- known and none is such.
CREATE OR REPLACE TEMP TABLE {{ ("share_" ~ side) | identifier }} AS
WITH known AS (
    SELECT *, {{ condition | sql }} AS is_counted
    FROM {{ table | identifier }}
    WHERE {% for field in fields %}{% if not loop.first %} OR {% endif %}{{ field | identifier }} IS NOT NULL
          {%- else %}true{% endfor %}
)
SELECT unit_code, CAST({{ share | sql }} AS VARCHAR) AS share
FROM known
WHERE is_counted
GROUP BY unit_code
{% if is_count %}
UNION ALL
SELECT unit_code, '0' FROM known GROUP BY unit_code HAVING NOT bool_or(coalesce(is_counted, false))
{% endif %}
