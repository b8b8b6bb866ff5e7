-- Share (0 to 1) of village heads who are Party members, by commune that has reported: now, and among the candidates.
-- Filled in: now, candidates: whether the form has what they are made from.
SELECT
  unit_name,
  {% if now %}any_value(s.village_heads_party / nullif(s.villages_total, 0)){% else %}NULL{% endif %} AS now,
  {% if candidates %}avg(CAST(v.candidate_is_party AS INTEGER)){% else %}NULL{% endif %} AS candidates
FROM unit_status u
JOIN unit_summary s USING (unit_code)
{% if candidates %}LEFT JOIN village v USING (unit_code){% endif %}
WHERE u.unit_type <> 'district_org'
GROUP BY unit_name, u.rowid
ORDER BY u.rowid
