-- What engines see: bound.
SELECT patient AS patient_key, node, attribute, low, high FROM seen_bound ORDER BY ALL
