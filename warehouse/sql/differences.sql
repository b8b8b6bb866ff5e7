-- Over two warehouses attached as `old` and `new`: what changed between them. Read by differences.py.

-- Files that one night has and the other has not, or that became something else; in the order of receipt.
CREATE TEMP TABLE moved_file AS
SELECT submission_id, coalesce(after.unit_code, before.unit_code) AS unit_code,
       coalesce(after.file_name, before.file_name) AS file_name,
       coalesce(after.received_at, before.received_at) AS received_at, after.status,
       coalesce('accepted' IN (before.status, after.status), false) AS counted
FROM old.submission AS before
FULL JOIN new.submission AS after USING (submission_id)
WHERE before.status IS DISTINCT FROM after.status OR before.unit_code IS DISTINCT FROM after.unit_code
ORDER BY received_at, file_name, submission_id;

CREATE TEMP TABLE moved_unit AS
SELECT unit_code, after.unit_name, before.status, before.on_time, after.status, after.on_time
FROM old.unit_status AS before
JOIN new.unit_status AS after USING (unit_code)
WHERE (before.status, before.on_time) IS DISTINCT FROM (after.status, after.on_time)
ORDER BY after.rowid;

CREATE TEMP TABLE moved_figure AS
SELECT figure, coalesce(source.description, figure), before.printed, after.printed, source.query, source.table_name,
       source.fields, source.condition
FROM old.report_figure AS before
FULL JOIN new.report_figure AS after USING (figure)
LEFT JOIN (FROM new.figure_source WHERE kind = 'figure') AS source USING (figure)
WHERE before.printed IS DISTINCT FROM after.printed
ORDER BY coalesce(after.rowid, before.rowid);

-- Whose file may change a unit's share: its own; where two units report the same organisation, also the other's.
CREATE TEMP TABLE bears_on AS
SELECT unit_code, submission_id, true AS own FROM moved_file
UNION
SELECT file.unit_code, moved.submission_id, false
FROM (FROM old.finding UNION ALL FROM new.finding) AS finding
JOIN new.submission AS file USING (submission_id)
JOIN new.unit_status AS other ON other.unit_name = finding.row_name
JOIN moved_file AS moved ON moved.unit_code = other.unit_code
WHERE finding.rule = 'sources_differ';

-- What these files give, and what they changed.
CREATE TEMP TABLE gives AS
SELECT DISTINCT table_name, field, submission_id
FROM (FROM old.lineage UNION ALL FROM new.lineage)
SEMI JOIN moved_file USING (submission_id);

CREATE TEMP TABLE changes AS
SELECT DISTINCT section, field, new_submission_id AS submission_id
FROM new.submission_change
SEMI JOIN moved_file ON submission_id = new_submission_id;

-- What one figure is made from: section and key of the form, table and column of the warehouse. Filled again for each.
CREATE TEMP TABLE made_from (section VARCHAR, key VARCHAR, table_name VARCHAR, field VARCHAR);

-- By unit: the files that explain its share in that figure: those that changed what it is made from, else those that
-- give it, else all of the unit's own.
CREATE TEMP VIEW answers AS
SELECT bears_on.unit_code, submission_id, counted
FROM bears_on
JOIN moved_file AS file USING (submission_id)
QUALIFY rank() OVER (
  PARTITION BY bears_on.unit_code
  ORDER BY CASE WHEN submission_id IN (SELECT changes.submission_id FROM changes JOIN made_from AS part
                                         ON part.section = changes.section AND part.key = changes.field) THEN 1
                WHEN submission_id IN (SELECT gives.submission_id FROM gives JOIN made_from AS part
                                         ON part.table_name = gives.table_name AND part.field = gives.field) THEN 2
                WHEN own THEN 3 ELSE 4 END) = 1
ORDER BY received_at, file_name, submission_id
