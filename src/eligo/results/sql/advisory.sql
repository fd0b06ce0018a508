-- Advisories that are settled; they never count.
SELECT answer.patient AS patient_key, judged.advisory, answer.met, answer.refuted
FROM answer
JOIN r_judged AS judged ON judged.class = answer.criterion
WHERE judged.advisory IS NOT NULL AND (answer.met OR answer.refuted)
ORDER BY ALL
