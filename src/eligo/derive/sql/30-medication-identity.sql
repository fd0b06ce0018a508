-- Which records speak, or may speak, of one exposure.
--
-- Records that are based on each other speak of one exposure. So do records of different kinds whose days
-- may overlap and whose drug can be the same, if their daily amounts are known and equal. If the amounts
-- differ or are not known, they may. An exposure is the set of records that surely are of one; a group is
-- a set of exposures of which two or more may be one.

CREATE OR REPLACE TABLE med_possible AS
SELECT DISTINCT
    a.patient, a.fact AS one, b.fact AS other,
    COALESCE(a.basis = b.basis AND a.mean_low = a.mean_high AND b.mean_low = b.mean_high
             AND a.mean_low = b.mean_low AND a.pattern IN ('daily', 'cyclic') AND b.pattern IN ('daily', 'cyclic')
             AND NOT a.maybe_as_needed AND NOT b.maybe_as_needed, FALSE) AS equal
FROM med_recorded_fact AS f
JOIN med_recorded_fact AS g ON g.patient = f.patient AND g.kind <> f.kind
JOIN med_same_drug AS s ON s.one = f.concept AND s.other = g.concept
JOIN med_use AS a ON a.fact = f.fact AND a.patient = f.patient
JOIN med_use AS b ON b.fact = g.fact AND b.patient = g.patient
LEFT JOIN med_other_route AS r ON r.one = f.fact AND r.other = g.fact
LEFT JOIN med_other_route AS t ON t.one = g.fact AND t.other = f.fact
WHERE r.one IS NULL AND t.one IS NULL
  AND (a.start_low IS NULL OR b.end_high IS NULL OR a.start_low <= b.end_high)
  AND (b.start_low IS NULL OR a.end_high IS NULL OR b.start_low <= a.end_high);

CREATE OR REPLACE TABLE med_same AS
SELECT patient, fact AS one, member AS other FROM med_linked
UNION
SELECT patient, one, other FROM med_possible WHERE equal;

CREATE OR REPLACE TABLE med_exposure AS
WITH RECURSIVE reach(patient, fact, member) AS (
    SELECT patient, one, one FROM med_same
    UNION
    SELECT r.patient, r.fact, s.other
    FROM reach AS r
    JOIN med_same AS s ON s.patient = r.patient AND s.one = r.member
)
SELECT patient, fact, MIN(member) AS exposure
FROM reach
GROUP BY patient, fact;

CREATE OR REPLACE TABLE med_grouped AS
WITH RECURSIVE edge(patient, one, other) AS (
    SELECT patient, one, other FROM med_same
    UNION
    SELECT patient, one, other FROM med_possible
),
reach(patient, fact, member) AS (
    SELECT patient, one, one FROM edge
    UNION
    SELECT r.patient, r.fact, e.other
    FROM reach AS r
    JOIN edge AS e ON e.patient = r.patient AND e.one = r.member
)
SELECT patient, fact, MIN(member) AS grp
FROM reach
GROUP BY patient, fact;

-- An exposure with one record that is based on no other: each daily amount is an account of the whole.
-- With several, those of one kind are an account together.
CREATE OR REPLACE TABLE med_exposure_root AS
SELECT x.patient, x.exposure, COUNT(*) - COUNT(l.one) > 1 AS several
FROM med_exposure AS x
LEFT JOIN (SELECT DISTINCT patient, one FROM med_link) AS l ON l.patient = x.patient AND l.one = x.fact
GROUP BY x.patient, x.exposure;

-- A dose that a record of an exposure leaves out, or that cannot be read, is that of the others: of a
-- single dose their amount for each administration, else their daily amount.
CREATE OR REPLACE TABLE med_dose_filled AS
SELECT patient, fact, pattern, MIN(basis) AS basis, MIN(low) AS low, MAX(high) AS high
FROM (
    SELECT u.patient, u.fact, 'daily' AS pattern, v.basis, v.day_low AS low, v.day_high AS high
    FROM med_use AS u
    JOIN med_exposure AS x ON x.fact = u.fact AND x.patient = u.patient
    JOIN med_exposure AS y ON y.exposure = x.exposure AND y.patient = x.patient AND y.fact <> x.fact
    JOIN med_use AS v ON v.fact = y.fact AND v.patient = y.patient
    WHERE u.pattern <> 'single' AND u.day_high IS NULL AND v.pattern = 'daily' AND v.day_high IS NOT NULL
      AND NOT v.maybe_as_needed
    UNION ALL
    SELECT u.patient, u.fact, 'single', d.basis, nano(d.amount_low) * grains(), nano(d.amount_high) * grains()
    FROM med_use AS u
    JOIN med_exposure AS x ON x.fact = u.fact AND x.patient = u.patient
    JOIN med_exposure AS y ON y.exposure = x.exposure AND y.patient = x.patient AND y.fact <> x.fact
    JOIN med_use_days AS d ON d.fact = y.fact AND d.patient = y.patient
    WHERE u.pattern = 'single' AND u.day_high IS NULL AND NOT d.stated_per_day AND d.basis IS NOT NULL
      AND d.amount_low >= 0 AND d.amount_high IS NOT NULL
) AS known
GROUP BY patient, fact, pattern
HAVING MIN(basis) = MAX(basis);

CREATE OR REPLACE TABLE med_use AS
SELECT
    u.patient, u.fact, u.concept, u.certain, u.no_status, u.end_missing, u.maybe_as_needed, u.as_needed,
    u.start_low, u.start_high, u.end_low, u.end_high, COALESCE(f.pattern, u.pattern) AS pattern,
    u.period_low, u.period_high, u.period_den,
    COALESCE(f.basis, u.basis) AS basis,
    CASE WHEN f.fact IS NULL THEN u.day_low ELSE f.low END AS day_low,
    CASE WHEN f.fact IS NULL THEN u.day_high ELSE f.high END AS day_high,
    CASE WHEN f.fact IS NULL OR f.pattern = 'single' THEN u.mean_low ELSE f.low END AS mean_low,
    CASE WHEN f.fact IS NULL THEN u.mean_high ELSE f.high END AS mean_high
FROM med_use AS u
LEFT JOIN med_dose_filled AS f ON f.fact = u.fact AND f.patient = u.patient;

-- Records that add nothing: without a schedule, beside recorded administrations; or without a readable
-- dose, within the days of one that has it.
CREATE OR REPLACE TABLE med_silent AS
SELECT u.patient, u.fact, BOOL_OR(COALESCE(q.act, FALSE)) AS beside_acts
FROM med_use AS u
JOIN med_exposure AS x ON x.fact = u.fact AND x.patient = u.patient
JOIN med_exposure AS y ON y.exposure = x.exposure AND y.patient = x.patient AND y.fact <> x.fact
JOIN med_use AS v ON v.fact = y.fact AND v.patient = y.patient
LEFT JOIN med_recording AS r ON r.fact = u.fact
LEFT JOIN med_recording AS q ON q.fact = v.fact
WHERE (u.pattern IN ('unknown', 'single') AND NOT COALESCE(r.act, FALSE)
       AND COALESCE(q.act, FALSE) AND v.pattern = 'single' AND v.day_high IS NOT NULL)
   OR (u.pattern <> 'single' AND u.day_high IS NULL AND v.pattern = 'cyclic' AND v.day_high IS NOT NULL
       AND (v.start_low IS NULL OR v.start_low <= u.start_low)
       AND (v.end_high IS NULL OR v.end_high >= u.end_high))
GROUP BY u.patient, u.fact;

-- One row for each record that shares an exposure, surely or possibly. Accounts: records whose amounts
-- add up to one account of the exposure; of several accounts any may be right.
CREATE OR REPLACE TABLE med_shared AS
SELECT
    g.patient, g.fact, g.grp,
    COALESCE(x.exposure, g.fact) AS exposure,
    COALESCE(r.kind, g.fact) AS kind,
    COALESCE(r.place, 1000) AS place,
    CASE WHEN r.kind IS NOT NULL AND (COALESCE(n.several, FALSE) OR (r.part AND u.pattern <> 'daily'))
         THEN r.kind ELSE g.fact END AS low_account,
    CASE WHEN u.pattern = 'daily' AND NOT COALESCE(n.several, FALSE) AND NOT COALESCE(r.part, FALSE)
         THEN g.fact ELSE COALESCE(r.kind, '') END AS high_account
FROM med_grouped AS g
JOIN med_use AS u ON u.fact = g.fact AND u.patient = g.patient
LEFT JOIN med_exposure AS x ON x.fact = g.fact AND x.patient = g.patient
LEFT JOIN med_exposure_root AS n ON n.exposure = x.exposure AND n.patient = x.patient
LEFT JOIN med_recording AS r ON r.fact = g.fact;
