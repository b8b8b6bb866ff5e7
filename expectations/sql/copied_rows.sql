-- Adds the units whose rows of $section are those of another unit: at least $rows rows, and $percent of the smaller
-- table's, have the same name and agree in every number, date, mark and choice that both give, of which there are $values
-- or more and one count above 0. The first counts of a row must be equal, blank or not, so that each row meets few others.
INSERT INTO copied_table
WITH compared AS (
    SELECT counted.*, {{ key | sql }} AS name_key, count(*) OVER (PARTITION BY unit_code) AS row_count
    FROM {{ table | identifier }} AS counted
),
named AS (
    FROM compared
    WHERE name_key IS NOT NULL AND ({% for count in counts %}{{ count | identifier }} > 0{% if not loop.last %} OR {% endif %}{% endfor %})
),
pair AS (
    SELECT one.unit_code, other.unit_code AS other_code, count(*) AS same, any_value(one.row_count) AS rows,
           any_value(other.row_count) AS other_rows, min_by(one.submission_id, one.place) AS submission_id,
           min_by(one.row, one.place) AS row, min_by(other.submission_id, other.place) AS other_submission_id,
           min_by(other.row, other.place) AS other_row
    FROM named AS one
    JOIN named AS other
      ON other.name_key = one.name_key
     {%- for column in joined %}
     AND other.{{ column | identifier }} IS NOT DISTINCT FROM one.{{ column | identifier }}
     {%- endfor %}
     AND other.unit_code > one.unit_code
    WHERE {% for column in compared %}coalesce(one.{{ column | identifier }} = other.{{ column | identifier }}, true)
      AND {% endfor %}{% for column in compared %}(one.{{ column | identifier }} = other.{{ column | identifier }} IS NOT NULL)::INTEGER
          {%- if not loop.last %} + {% endif %}{% endfor %} >= $values
    GROUP BY one.unit_code, other.unit_code
    HAVING count(*) >= $rows AND 100 * count(*) >= $percent * least(any_value(one.row_count), any_value(other.row_count))
)
SELECT $section, unit_code, other_code, same, rows, submission_id, row, other_submission_id
FROM (
    FROM pair
    UNION ALL
    SELECT other_code, unit_code, same, other_rows, rows, other_submission_id, other_row, submission_id, row FROM pair
)
QUALIFY row_number() OVER (PARTITION BY unit_code ORDER BY same DESC, other_code) = 1
