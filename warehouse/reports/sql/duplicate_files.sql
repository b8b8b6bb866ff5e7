-- One row per file whose bytes had come before, with the first file of those bytes.
SELECT again.file_name, timezone($zone, again.received_at) AS received, again.unit_code,
       first(original.file_name ORDER BY original.received_at, original.file_name) AS original
FROM submission AS again
LEFT JOIN reported_file AS original ON original.sha256 = again.sha256
WHERE again.status = 'duplicate'
GROUP BY again.submission_id, again.file_name, again.received_at, again.unit_code
ORDER BY again.received_at, again.file_name, again.submission_id
