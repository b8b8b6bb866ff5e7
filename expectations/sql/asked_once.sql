-- Per submission and mark: whether any meeting that took place has it (NULL: not known of any), and the first such row.
SELECT submission_id
       {%- for mark, column in marks %},
       bool_or({{ mark | identifier }}) FILTER (WHERE {{ took_place | sql }}) AS {{ column | identifier }},
       min(row) FILTER (WHERE {{ took_place | sql }}) AS {{ (column ~ "_row") | identifier }}
       {%- endfor %}
FROM {{ table | identifier }}
GROUP BY submission_id
