-- One row per arrival, with what became of it.
SELECT submission_id, file_name, sha256, received_at, channel, sender, unit_code, status, reason, set_aside
FROM work.submission
ORDER BY received_at, file_name, submission_id
