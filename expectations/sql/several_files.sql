-- The accepted files of units that have several, in the order of receipt.
SELECT unit_code, submission_id, position, received_at, file_name, declares, document_date, document_number, only_zeros,
       decision_id
FROM several_files
ORDER BY position
