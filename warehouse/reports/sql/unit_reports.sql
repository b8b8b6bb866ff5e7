-- The units in the order of the registry: how far each is, on which day its report came, and the fields that it reports of
-- itself.
SELECT unit.unit_code, unit.name AS unit, status.unit_type, status.status, status.on_time,
       timezone($zone, status.received_at)::DATE AS received_on
       {%- for column, key in fields %}, own.{{ key | identifier }} AS {{ column | identifier }}{% endfor %}
FROM unit_place AS unit
LEFT JOIN unit_status AS status USING (unit_code)
LEFT JOIN unit_summary AS own USING (unit_code)
ORDER BY unit.place
