-- What engines see: link.
SELECT patient AS patient_key, relation, fact FROM seen_link ORDER BY ALL
