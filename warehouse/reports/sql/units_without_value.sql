-- By key of unit_summary: how many units that count are asked for it and gave no value.
{% for key in keys -%}
SELECT {{ key | literal }} AS key, count(*) AS units
FROM unit_status AS unit
JOIN unit_summary USING (unit_code)
JOIN figure_source AS source ON source.kind = 'key' AND source.figure = {{ key | literal }}
WHERE unit.status = 'accepted' AND unit_summary.{{ key | identifier }} IS NULL
  AND list_has_any(source.asked, [unit_code, CASE unit_type WHEN 'district_org' THEN unit_type ELSE 'commune' END])
{% if not loop.last %}UNION ALL
{% endif %}{% endfor %}
