-- The totals of unit_summary's columns: of the communes, of the organisations, and of all (is_organisation is NULL).
SELECT is_organisation
       {%- for column, total in totals %}, {{ total | sql }} AS {{ column | identifier }}{% endfor %}
FROM (
  SELECT unit_summary.*, unit_type = 'district_org' AS is_organisation
  FROM unit_summary
  JOIN unit_status USING (unit_code)
)
GROUP BY GROUPING SETS ((is_organisation), ())
