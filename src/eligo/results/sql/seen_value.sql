-- What engines see: value.
SELECT patient AS patient_key, node, attribute, value, datatype FROM seen_value ORDER BY ALL
