-- The rows of a table by their units: unit_code, the columns that name a row, then the others.
SELECT unit_code
       {%- for field in keys %}, {{ field | identifier }}{% endfor %}
       {%- for field in fields %}, {{ field | identifier }}{% endfor %}
FROM {{ table | identifier }}
ORDER BY ALL
