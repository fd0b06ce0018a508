-- What the keys of facts stand for.
SELECT patient_key, fact_key AS key, fact AS name FROM s_fact ORDER BY patient_key, key
