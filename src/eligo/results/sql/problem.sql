-- What was found about the records: by the record shapes and the readers, and by the derivation.
SELECT patient_key, severity, node, path, message, value, source FROM s_problem
UNION ALL
SELECT patient, 'violation', node, NULL, message, NULL, NULL FROM r_problem
ORDER BY ALL
