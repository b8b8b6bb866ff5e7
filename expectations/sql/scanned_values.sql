-- Each fact that was read from a picture, and the unit that a letterhead alone names.
WITH place AS (
    SELECT sha256, section, row, field, value, raw, sheet, cell FROM fact
    UNION ALL
    SELECT sha256, $unit_section, 0, $unit_field, unit_code, unit_text, unit_sheet, unit_cell
    FROM content
    WHERE unit_code IS NOT NULL
      AND sha256 NOT IN (SELECT sha256 FROM fact WHERE section = $unit_section AND field = $unit_field AND raw <> '')
)
SELECT sha256, section, row, field, place.value, coalesce(raw, ''), sheet, cell, page, [r."left", r.top, r."right", r.bottom],
       confidence, r.is_sure = 1,
       list_contains(string_split(coalesce(content.sums_confirmed, ''), ','), section || ':' || field)
FROM place
JOIN reading r USING (sha256, sheet, cell)
JOIN content USING (sha256)
ORDER BY sha256, section, row, field, sheet, cell
