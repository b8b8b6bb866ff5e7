-- How many lines a table has, and the totals of its columns; of each {{ by | identifier if by }}, or of all.
SELECT {% if by %}{{ by | identifier }}, {% endif %}count(*) AS lines
       {%- for column, total in totals %}, {{ total | sql }} AS {{ column | identifier }}{% endfor %}
FROM {{ table | identifier }}
{% if by %}GROUP BY {{ by | identifier }}{% endif %}
