-- Per submission and mark: whether any held meeting has it (NULL: not known of any), and the first held row.
SELECT submission_id
       {%- for mark, column in marks %},
       bool_or({{ mark | identifier }}) FILTER (WHERE {{ held | sql }}) AS {{ column | identifier }},
       min(row) FILTER (WHERE {{ held | sql }}) AS {{ (column ~ "_row") | identifier }}
       {%- endfor %}
FROM {{ table | identifier }}
GROUP BY submission_id
