-- One step: hashes what those nodes say whose own blank nodes are hashed.
CREATE OR REPLACE TABLE b_step AS
SELECT node FROM b_open ANTI JOIN b_content USING (node)
EXCEPT
SELECT subject
FROM b_statement
LEFT JOIN b_content ON b_content.node = b_statement.object
WHERE said IS NOT NULL AND place IS NOT NULL AND b_content.node IS NULL;

INSERT INTO b_content
SELECT
    step.node,
    substr(sha256(COALESCE(string_agg(line.text, chr(10) ORDER BY line.text), '')), 1, 24)
FROM b_step AS step
LEFT JOIN (
    SELECT said.subject, said.said || COALESCE(child.content, '') AS text
    FROM b_statement AS said
    LEFT JOIN b_content AS child ON said.place IS NOT NULL AND child.node = said.object
    WHERE said.said IS NOT NULL
) AS line ON line.subject = step.node
GROUP BY step.node;
