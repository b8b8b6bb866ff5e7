-- Whether each of the conditions holds of the line $line.
SELECT {% for condition in conditions %}{% if not loop.first %}, {% endif %}{{ condition | sql }}{% endfor %}
FROM {{ mart | identifier }} AS line
WHERE rowid = $line
