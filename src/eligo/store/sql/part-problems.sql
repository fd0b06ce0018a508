-- What makes the record of a patient doubtful, whoever found it: about everybody, about all of whom a source
-- speaks, or about one patient.
CREATE OR REPLACE TABLE part_problem AS
SELECT DISTINCT patient_key, severity, node, path, message, value, source
FROM (
    SELECT
        owner.patient_key, doubt.severity, COALESCE(doubt.node, owner.patient) AS node, doubt.path, doubt.message,
        doubt.value, doubt.source
    FROM doubt
    JOIN (
        SELECT patient, '*' AS about FROM owner
        UNION ALL
        SELECT patient, patient FROM owner
        UNION ALL
        SELECT DISTINCT patient, $mark || CAST(source AS VARCHAR) FROM said WHERE subject = patient
    ) AS concerned ON concerned.about = doubt.about
    JOIN owner ON owner.patient = concerned.patient
    UNION ALL
    SELECT patient_key, severity, node, path, message, value, source FROM part_finding
)
ORDER BY ALL;
