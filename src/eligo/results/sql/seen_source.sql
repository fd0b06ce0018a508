-- What engines see: source.
SELECT patient AS patient_key, node, source FROM seen_source ORDER BY ALL
