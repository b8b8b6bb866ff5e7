-- A line of an organisation that another unit's file gives now: its file changes both units' shares.
INSERT INTO bears_on
SELECT DISTINCT unnest([before.unit_code, after.unit_code]), unnest([after.submission_id, before.submission_id]), false
FROM old.org_meeting AS before
JOIN new.org_meeting AS after USING (organisation, commune_code)
WHERE before.unit_code <> after.unit_code
