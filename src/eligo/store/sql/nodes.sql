-- The nodes that a unit speaks of: whose they are, whether they are described there, and held as facts.
SELECT
    CAST($unit AS BIGINT) AS unit,
    hash(spoken.node) AS hash,
    spoken.node,
    spoken.patient,
    spoken.described,
    held.node IS NOT NULL AS held
FROM (
    SELECT node, patient, TRUE AS described FROM reach
    UNION ALL
    SELECT node, NULL, TRUE FROM described ANTI JOIN reach USING (node)
    UNION ALL
    SELECT node, NULL, FALSE FROM pending
) AS spoken
LEFT JOIN (SELECT DISTINCT node FROM held) AS held ON held.node = spoken.node
