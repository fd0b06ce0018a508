-- Ages at an anchor, completed in the unit of the measure: years, months, weeks or days.
--
-- A month is completed on the day of birth; where a month lacks that day, on the first day of the next one
-- (born on 29 February: 1 March in common years). A partial birth date gives an interval.

-- Completed months from one date to another.
CREATE OR REPLACE MACRO completed_months(born, day) AS
    (YEAR(day) - YEAR(born)) * 12 + MONTH(day) - MONTH(born)
    - CASE WHEN DAY(day) < DAY(born) THEN 1 ELSE 0 END;

-- Completed units of age; a date of birth after the day counts as zero.
CREATE OR REPLACE MACRO completed_age(born, day, age_unit) AS
    CASE WHEN day IS NULL THEN NULL
         WHEN born >= day THEN 0
         WHEN age_unit = 'a' THEN completed_months(born, day) // 12
         WHEN age_unit = 'mo' THEN completed_months(born, day)
         WHEN age_unit = 'wk' THEN days_between(born, day) // 7
         WHEN age_unit = 'd' THEN days_between(born, day) END;

INSERT INTO measurement
SELECT DISTINCT
    patient.patient,
    declared.subject,
    CAST(completed_age(patient.birth_high, anchor_date.low, unit.object) AS DECIMAL(18, 9)),
    CAST(completed_age(patient.birth_low, anchor_date.high, unit.object) AS DECIMAL(18, 9)),
    NULL
FROM v_triple AS declared
JOIN v_triple AS unit ON unit.subject = declared.subject AND unit.predicate = 'elig:unit'
LEFT JOIN v_triple AS anchor ON anchor.subject = declared.subject AND anchor.predicate = 'elig:anchor'
JOIN anchor_date ON anchor_date.anchor = COALESCE(anchor.object, 'elig:ScreeningDate')
JOIN d_patient AS patient ON patient.patient = anchor_date.patient
WHERE declared.predicate = 'elig:family'
    AND declared.object = 'elig:Age'
    AND unit.object IN ('a', 'mo', 'wk', 'd')
    AND patient.birth_low IS NOT NULL
    AND (anchor_date.high IS NULL OR patient.birth_low <= anchor_date.high);

-- An age rests on the patient's own record.
INSERT INTO measurement_source
SELECT DISTINCT measured.patient, measured.measure, measured.patient
FROM measurement AS measured
JOIN v_triple AS declared ON declared.subject = measured.measure
WHERE declared.predicate = 'elig:family' AND declared.object = 'elig:Age';
