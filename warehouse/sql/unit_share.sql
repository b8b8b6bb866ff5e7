-- What each unit gives to a figure of the night `side`: unit_code, share.
CREATE OR REPLACE TEMP TABLE {{ ("share_" ~ side) | identifier }} AS
SELECT unit_code, CAST({{ share | sql }} AS VARCHAR) AS share
FROM (FROM {{ table | identifier }} WHERE {{ condition | sql }})
WHERE {% for field in fields %}{% if not loop.first %} OR {% endif %}{{ field | identifier }} IS NOT NULL
      {%- else %}true{% endfor %}
GROUP BY unit_code
