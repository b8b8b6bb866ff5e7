-- What the night decided on the files $submissions.
SELECT submission_id, status, unit_code, reason
FROM submission
WHERE list_contains($submissions, submission_id)
