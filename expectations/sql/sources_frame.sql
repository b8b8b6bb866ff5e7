-- One row per line that a district organisation and a commune both report, at the organisation's place: its counts under
-- their names, the commune's under chk_other_<column>. The columns `organisation` and `commune` name both.
{% set organisation, commune = organisation | identifier, commune | identifier -%}
SELECT d.position, o.row,
       {% for column in compared -%}
       o.{{ column | identifier }}, c.{{ column | identifier }} AS {{ ("chk_other_" ~ column) | identifier }},
       {% endfor -%}
       cu.unit_name AS chk_unit, cd.file_name AS chk_file
FROM {{ table | identifier }} o
JOIN unit ou ON ou.unit_code = o.unit_code AND ou.kind = o.{{ organisation }}
JOIN {{ table | identifier }} c
  ON c.{{ organisation }} = o.{{ organisation }} AND c.{{ commune }} = o.{{ commune }} AND c.unit_code = c.{{ commune }}
JOIN unit cu ON cu.unit_code = c.unit_code
JOIN submission_draft d ON d.submission_id = o.submission_id
JOIN submission_draft cd ON cd.submission_id = c.submission_id
ORDER BY d.position, o.row
