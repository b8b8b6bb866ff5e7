-- Drops the breaches of $rule at places where $other is broken as well, or was raised while the file was read.
DELETE FROM broken AS b
WHERE rule = $rule AND (
    EXISTS (
        SELECT 1 FROM broken o
        WHERE o.rule = $other AND o.position = b.position AND o.section = b.section AND o.row = b.row AND o.field = b.field)
    OR EXISTS (
        SELECT 1 FROM finding_placed o
        WHERE o.rule = $other AND o.position = b.position AND o.section = b.section AND o.row = b.row AND o.field = b.field))
