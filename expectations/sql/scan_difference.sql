-- A finding about one value of the file of which a scan came as well.
INSERT INTO read_finding BY NAME
SELECT $sha256 AS sha256, 'scan_differs' AS rule, $section AS section, $row::INTEGER AS row, $field AS field, $value AS value,
       $sheet AS sheet, $cell AS cell, $message AS message
