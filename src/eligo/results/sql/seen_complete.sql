-- What engines see: complete.
SELECT patient AS patient_key, relation, kind FROM seen_complete ORDER BY ALL
