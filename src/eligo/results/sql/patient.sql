-- Every patient with the verdict. "dated": the record itself dates the screening for this trial.
SELECT
    named.patient_key, named.patient, label.label, verdict.verdict, verdict.prescreen, untrusted.patient IS NULL AS trusted,
    stated.patient IS NOT NULL AS dated,
    screening.screening, screening.evaluation, screening.enrolment, screening.intervention
FROM s_patient AS named
JOIN verdict ON verdict.patient = named.patient_key
LEFT JOIN untrusted ON untrusted.patient = named.patient_key
JOIN screening ON screening.patient = named.patient_key
LEFT JOIN (
    SELECT DISTINCT s.patient
    FROM s_stated AS s
    CROSS JOIN t_run AS run
    JOIN e_attribute AS day ON day.fact = s.fact AND day.property = 'elig:screeningDate'
    WHERE s.trial = run.trial OR s.trial IS NULL
) AS stated ON stated.patient = named.patient_key
LEFT JOIN s_label AS label ON label.patient_key = named.patient_key
ORDER BY named.patient_key
