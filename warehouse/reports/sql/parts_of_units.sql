-- What each unit gave to the figures of one table: the sum or count of a column under a condition, in their order.
SELECT unit_code
       {%- for function, field, condition in parts %},
       {{ function | sql }}({{ field | identifier }}) FILTER ({{ condition | sql }})
       {%- endfor %}
FROM {{ table | identifier }}
GROUP BY unit_code
ORDER BY unit_code
