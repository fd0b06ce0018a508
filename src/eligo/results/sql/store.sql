-- What results take from the store as it is; $patient and so on stand for lists of its files.
CREATE OR REPLACE VIEW s_patient AS SELECT patient_key, patient FROM read_parquet($patient);
CREATE OR REPLACE VIEW s_fact AS SELECT patient_key, fact_key, fact FROM read_parquet($fact);
CREATE OR REPLACE VIEW s_problem AS
SELECT patient_key, severity, node, path, message, value, source FROM read_parquet($problem);
CREATE OR REPLACE TABLE s_label AS
SELECT said.patient_key, MIN(said.object) AS label
FROM read_parquet($triple) AS said
JOIN s_patient AS named ON named.patient_key = said.patient_key AND named.patient = said.subject
WHERE said.predicate = 'rdfs:label' AND said.kind = 'literal'
GROUP BY said.patient_key;

-- Records that nobody may trust: never eligible.
CREATE OR REPLACE TABLE untrusted AS
SELECT patient_key AS patient FROM s_problem WHERE severity = 'violation'
UNION
SELECT patient FROM r_problem;
