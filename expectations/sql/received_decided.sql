-- What officers decided on times of receipt: it is the time of the arrival, and of no night that ran before it was the file missed.
UPDATE arrival AS a SET received_at = d.received_at, own_time = NULL,
       missed_by = CASE WHEN a.missed_by >= d.received_at THEN a.missed_by END
FROM decided d
WHERE d.kind = 'received' AND d.submission_id = a.submission_id AND d.sha256 = a.sha256
