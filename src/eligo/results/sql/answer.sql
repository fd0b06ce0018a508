-- The status of every criterion and sub-criterion.
SELECT patient AS patient_key, criterion, status FROM answer ORDER BY patient_key, criterion
