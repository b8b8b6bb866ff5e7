-- How many files a figure is made from, and the first $most of their names.
{% set rows %}
FROM {{ table | identifier }} WHERE ({{ condition | sql }}) AND (
    {%- for field in fields %}{% if not loop.first %} OR {% endif %}{{ field | identifier }} IS NOT NULL
    {%- else %}true{% endfor %})
{%- endset -%}
SELECT count(*), list(file_name ORDER BY file_name, submission_id)[:$most]
FROM submission
WHERE submission_id IN (
{%- if table == "unit_status" and fields %}
  {#- of the register, which no file gives #}
  NULL
{%- elif table == "unit_status" %}
  SELECT submission_id FROM ({{ deciding_file | sql }}) WHERE unit_code IN (SELECT unit_code {{ rows }})
{%- elif table == "unit_summary" %}
  SELECT submission_id FROM unit_key_file
  WHERE key IN ({% if fields %}{{ fields | literals }}{% else %}NULL{% endif %})
    AND unit_code IN (SELECT unit_code {{ rows }})
{%- else %}
  SELECT submission_id {{ rows }}
{%- endif %})
