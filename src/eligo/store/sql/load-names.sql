-- What the keys of a part stand for.
CREATE OR REPLACE TABLE t_name AS
SELECT patient_key AS key, patient AS name, patient_key AS patient FROM read_parquet($patient_file)
UNION
SELECT fact_key, fact, patient_key FROM read_parquet($fact_file);
