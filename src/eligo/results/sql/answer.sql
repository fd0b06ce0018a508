-- The status of every criterion and sub-criterion.
SELECT
    answer.patient AS patient_key, judged.criterion,
    CASE WHEN answer.met THEN CASE WHEN answer.refuted THEN 'conflict' ELSE 'met' END
         WHEN answer.refuted THEN 'not met'
         ELSE 'unknown' END AS status
FROM answer
JOIN r_judged AS judged ON judged.class = answer.criterion
WHERE judged.criterion IS NOT NULL
ORDER BY patient_key, judged.criterion
