-- What matching takes from the parts of a store; $patient and $problem stand for lists of their files.
CREATE OR REPLACE VIEW m_patient AS SELECT patient_key, patient FROM read_parquet($patient);

-- Records that nobody may trust: never eligible.
CREATE OR REPLACE TABLE m_untrusted AS
SELECT patient_key AS patient FROM read_parquet($problem) WHERE severity = 'violation'
UNION
SELECT patient FROM r_problem;
