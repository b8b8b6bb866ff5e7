-- Whether the file $submission has a finding of one of $rules.
SELECT 1 FROM finding WHERE submission_id = $submission AND list_contains($rules, rule) LIMIT 1
