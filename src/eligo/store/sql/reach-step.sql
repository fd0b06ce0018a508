-- One step further from what was reached last.
INSERT INTO reach
SELECT DISTINCT reach.patient, step.node, $depth
FROM reach
JOIN step ON step.subject = reach.node
ANTI JOIN reach AS old ON old.patient = reach.patient AND old.node = step.node
WHERE reach.depth = $depth - 1;
