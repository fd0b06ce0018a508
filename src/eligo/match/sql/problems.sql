-- What was found about the records of a store; $patient, $fact and $problem stand for lists of its files.
SELECT
    named.patient, found.severity, COALESCE(fact.fact, whole.patient, found.node, named.patient),
    found.path, found.message, found.value, found.source
FROM read_parquet($problem) AS found
JOIN read_parquet($patient) AS named ON named.patient_key = found.patient_key
LEFT JOIN read_parquet($fact) AS fact ON fact.fact_key = found.node AND fact.patient_key = found.patient_key
LEFT JOIN read_parquet($patient) AS whole ON whole.patient_key = found.node
ORDER BY ALL
