-- The units that report the organisation $organisation in the commune $commune.
SELECT DISTINCT unit_code
FROM org_meeting_reported
WHERE organisation = $organisation AND commune_code = $commune
