-- A part as the tables that the derivation reads; keys stand for patients and facts.
CREATE OR REPLACE TABLE t_patient AS
SELECT patient_key AS patient FROM read_parquet($patient_file) WHERE $wanted ORDER BY patient_key;

CREATE OR REPLACE TABLE e_link AS
SELECT patient_key AS patient, relation, fact_key AS fact FROM read_parquet($fact_file) WHERE $wanted;

CREATE OR REPLACE TABLE e_attribute AS
SELECT fact_key AS fact, property, value, datatype FROM read_parquet($attribute_file) WHERE $wanted;

CREATE OR REPLACE TABLE e_quantity AS
SELECT fact_key AS fact, property, value, low, high, comparator, unit
FROM read_parquet($quantity_file)
WHERE $wanted;

CREATE OR REPLACE TABLE e_coding AS
SELECT fact_key AS fact, property, system, notation, display FROM read_parquet($coding_file) WHERE $wanted;
