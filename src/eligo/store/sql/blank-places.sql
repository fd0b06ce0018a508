-- One step: names those nodes that hang on named ones.
CREATE OR REPLACE TABLE b_step AS
SELECT node FROM b_open ANTI JOIN b_name USING (node)
EXCEPT
SELECT object
FROM b_statement
LEFT JOIN b_name ON b_name.node = b_statement.subject
WHERE said IS NOT NULL AND place IS NOT NULL AND b_name.node IS NULL;

INSERT INTO b_name
SELECT
    step.node,
    $prefix || substr(sha256(
        any_value(content.content) || chr(10)
        || COALESCE(string_agg(line.text, chr(10) ORDER BY line.text), '')
    ), 1, 24)
FROM b_step AS step
JOIN b_content AS content ON content.node = step.node
LEFT JOIN (
    SELECT hung.object, COALESCE(parent.name, '') || hung.place AS text
    FROM b_statement AS hung
    LEFT JOIN b_name AS parent ON hung.said IS NOT NULL AND parent.node = hung.subject
    WHERE hung.place IS NOT NULL
) AS line ON line.object = step.node
GROUP BY step.node;
