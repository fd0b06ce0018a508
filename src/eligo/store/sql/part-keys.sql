-- Gives patients and facts their keys: in the order of patient, then fact, the patient's own first.
CREATE OR REPLACE TABLE fact AS
SELECT patient, predicate AS relation, object AS fact, MIN(source) AS source
FROM statement
WHERE is_relation(predicate) AND subject = patient AND kind = 'iri'
GROUP BY ALL;

CREATE OR REPLACE TABLE node_key AS
SELECT
    patient,
    node,
    own,
    $part || LPAD(CAST(ROW_NUMBER() OVER (ORDER BY patient, own DESC, node) - 1 AS VARCHAR), 8, '0') AS key
FROM (
    SELECT DISTINCT patient, patient AS node, TRUE AS own FROM statement
    UNION ALL
    SELECT DISTINCT patient, fact, FALSE FROM fact WHERE fact <> patient
);

CREATE OR REPLACE TABLE owner AS SELECT patient, key AS patient_key FROM node_key WHERE own;

CREATE OR REPLACE TABLE said AS
SELECT
    owner.patient_key,
    node_key.key AS fact_key,
    COALESCE(node_key.own, FALSE) AS own,
    statement.*
FROM statement
JOIN owner ON owner.patient = statement.patient
LEFT JOIN node_key ON node_key.patient = statement.patient AND node_key.node = statement.subject;
