-- Advisories that are settled.
SELECT patient AS patient_key, advisory, met, refuted FROM advisory ORDER BY ALL
