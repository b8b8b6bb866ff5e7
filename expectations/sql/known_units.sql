-- The units that file names and senders tell of each content, and those that officers assigned it to.
SELECT sha256, by_name FROM arrival JOIN arrival_identity USING (submission_id) WHERE by_name IS NOT NULL
UNION
SELECT sha256, by_sender[1] FROM arrival JOIN arrival_identity USING (submission_id) WHERE len(by_sender) = 1
UNION
SELECT arrival.sha256, decided.unit_code FROM arrival JOIN decided USING (submission_id) WHERE decided.kind = 'assign'
