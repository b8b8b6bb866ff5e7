-- The registry, of the rows in `registry`.
CREATE OR REPLACE TABLE unit AS
SELECT unit_code, unit_name, unit_type, reporter, kind::VARCHAR AS kind, email::VARCHAR AS email,
       position::INTEGER AS position
       {%- for column in register %}, {{ column | identifier }}::INTEGER AS {{ column | identifier }}{% endfor %}
FROM registry
