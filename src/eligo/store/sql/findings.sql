-- Findings with the names of the sources that say something about each.
CREATE OR REPLACE TABLE part_finding AS
SELECT
    found.patient AS patient_key, found.severity, found.node, found.path, found.message, found.value,
    STRING_AGG(named.name, ', ' ORDER BY named.name) AS source
FROM (SELECT patient, severity, node, path, message, value, UNNEST(sources) AS number FROM finding) AS found
LEFT JOIN v_source AS named ON named.source = found.number
GROUP BY ALL
UNION ALL
SELECT patient, severity, node, path, message, value, NULL FROM finding WHERE LEN(sources) = 0;
