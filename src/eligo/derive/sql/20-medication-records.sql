-- Kinds of medication records, their links, and up to which day a record surely holds beside others.

-- An unmapped code tells nothing about which drugs are the same.
CREATE OR REPLACE MACRO is_mapped(concept) AS
    COALESCE(concept, '') <> '' AND concept NOT LIKE 'urn:eligo:unmapped:%';

CREATE OR REPLACE TABLE med_kind AS
SELECT
    kind.subject AS kind,
    CAST(MAX(CASE WHEN p.predicate = 'elig:precedence' THEN p.object END) AS INTEGER) AS place,
    COALESCE(MAX(CASE WHEN p.predicate = 'elig:isPart' THEN p.object END) IN ('true', '1'), FALSE) AS part,
    COALESCE(MAX(CASE WHEN p.predicate = 'elig:recordsAct' THEN p.object END) IN ('true', '1'), FALSE) AS act,
    COALESCE(MAX(CASE WHEN p.predicate = 'elig:renewable' THEN p.object END) IN ('true', '1'), FALSE)
        AS renewable,
    COALESCE(MAX(CASE WHEN p.predicate = 'elig:statesTaking' THEN p.object END) IN ('true', '1'), FALSE)
        AS states_taking
FROM v_triple AS kind
JOIN v_triple AS p ON p.subject = kind.subject
WHERE kind.predicate = 'rdf:type' AND kind.object = 'elig:RecordingKind'
GROUP BY kind.subject;

-- The kind of each record; with two kinds it has none.
CREATE OR REPLACE TABLE med_recording AS
SELECT a.fact, MIN(a.value) AS kind, MIN(k.place) AS place, BOOL_OR(k.part) AS part, BOOL_OR(k.act) AS act,
       BOOL_OR(k.renewable) AS renewable, BOOL_OR(k.states_taking) AS states_taking
FROM e_attribute AS a
JOIN med_kind AS k ON k.kind = a.value
WHERE a.property = 'elig:recordedAs'
GROUP BY a.fact
HAVING COUNT(DISTINCT a.value) = 1;

CREATE OR REPLACE TABLE med_recorded_fact AS
SELECT DISTINCT
    f.patient, f.fact, f.concept, f.start_low, f.start_high, f.end_low, f.end_high, r.kind, r.renewable,
    EXISTS (SELECT 1 FROM e_attribute AS n
            WHERE n.fact = f.fact AND n.property = 'elig:asNeeded' AND LOWER(n.value) IN ('true', '1'))
        AS as_needed
FROM fact AS f
JOIN med_recording AS r ON r.fact = f.fact
WHERE f.relation = 'elig:hasMedicationUse'
  AND NOT COALESCE(f.planned, FALSE);

-- Drugs that can be the same: one is at or below the other, or something lies below both.
CREATE OR REPLACE TABLE med_same_drug AS
SELECT DISTINCT a.concept AS one, b.concept AS other
FROM (SELECT DISTINCT concept FROM med_recorded_fact WHERE is_mapped(concept)) AS a
CROSS JOIN (SELECT DISTINCT concept FROM med_recorded_fact WHERE is_mapped(concept)) AS b
LEFT JOIN v_can_be AS m ON m.concept = a.concept AND m.kind = b.concept
LEFT JOIN v_can_be AS n ON n.concept = b.concept AND n.kind = a.concept
WHERE a.concept = b.concept OR m.concept IS NOT NULL OR n.concept IS NOT NULL;

-- Pairs of records whose routes exclude each other cannot be of one exposure.
CREATE OR REPLACE TABLE med_other_route AS
SELECT a.fact AS one, b.fact AS other
FROM d_concept AS a
JOIN med_recorded_fact AS f ON f.fact = a.fact
JOIN med_recorded_fact AS g ON g.patient = f.patient AND g.fact <> f.fact
JOIN d_concept AS b ON b.fact = g.fact AND b.property = 'elig:route'
LEFT JOIN v_can_be AS m ON m.concept = a.concept AND m.kind = b.concept
LEFT JOIN v_can_be AS n ON n.concept = b.concept AND n.kind = a.concept
WHERE a.property = 'elig:route'
GROUP BY a.fact, b.fact
HAVING MAX(CASE WHEN m.concept IS NOT NULL OR n.concept IS NOT NULL
                     OR NOT is_mapped(a.concept) OR NOT is_mapped(b.concept) THEN 1 ELSE 0 END) = 0;

-- Records that are based on each other, directly or through others.
CREATE OR REPLACE TABLE med_link AS
SELECT DISTINCT a.patient, a.fact AS one, b.fact AS other
FROM e_attribute AS l
JOIN fact AS a ON a.fact = l.fact AND a.relation = 'elig:hasMedicationUse'
JOIN fact AS b
    ON b.fact = l.value AND b.patient = a.patient AND b.relation = a.relation AND b.fact <> a.fact
WHERE l.property = 'elig:basedOn';

CREATE OR REPLACE TABLE med_linked AS
WITH RECURSIVE reach(patient, fact, member) AS (
    SELECT patient, one, one FROM med_link
    UNION
    SELECT patient, other, other FROM med_link
    UNION
    SELECT r.patient, r.fact, CASE WHEN l.one = r.member THEN l.other ELSE l.one END
    FROM reach AS r
    JOIN med_link AS l ON l.patient = r.patient AND r.member IN (l.one, l.other)
)
SELECT patient, fact, member FROM reach;

-- From which day on a statement says that what it is based on is not, or no longer, taken each day.
CREATE OR REPLACE TABLE med_denial AS
SELECT l.patient, l.other AS fact, r.place,
       CASE WHEN needed.surely = 1 THEN COALESCE(s.start_low, DATE '0001-01-01')
            WHEN s.end_low IS NOT NULL THEN plus_days(GREATEST(s.end_low, s.start_low), 1)
            WHEN COALESCE(s.status, 'elig:Active') <> 'elig:Active'
            THEN COALESCE(plus_days(s.start_low, 1), DATE '0001-01-01') END AS first_day
FROM med_link AS l
JOIN med_recording AS r ON r.fact = l.one AND r.states_taking
JOIN fact AS s ON s.fact = l.one AND s.patient = l.patient AND NOT COALESCE(s.planned, FALSE)
LEFT JOIN (
    SELECT fact, 1 AS surely FROM e_attribute
    WHERE property = 'elig:asNeeded' AND LOWER(value) IN ('true', '1')
) AS needed ON needed.fact = l.one
UNION
SELECT u.patient, u.fact, r.place, COALESCE(began.low, DATE '0001-01-01')
FROM e_attribute AS l
JOIN med_recording AS r ON r.fact = l.fact AND r.states_taking
JOIN e_attribute AS status
    ON status.fact = l.fact AND status.property = 'elig:eventStatus' AND status.value = 'elig:NotDone'
JOIN fact AS u ON u.fact = l.value AND u.relation = 'elig:hasMedicationUse'
LEFT JOIN d_date AS began ON began.fact = l.fact AND began.property = 'elig:startDate'
WHERE l.property = 'elig:basedOn';

-- The last day on which a record surely holds. A record without a last day holds up to the day before the
-- first later one of its drug and kind may start; of two of which either may be the later one, neither
-- holds for long. A linked record holds up to the day before a statement says otherwise.
CREATE OR REPLACE TABLE med_sure_until AS
SELECT patient, fact, MIN(last_sure) AS last_sure, BOOL_OR(denied) AS denied
FROM (
    SELECT f.patient, f.fact, plus_days(COALESCE(g.start_low, DATE '0001-01-02'), -1) AS last_sure, FALSE AS denied
    FROM med_recorded_fact AS f
    JOIN med_recorded_fact AS g ON g.patient = f.patient AND g.kind = f.kind AND g.fact <> f.fact
    JOIN med_same_drug AS s ON s.one = f.concept AND s.other = g.concept
    LEFT JOIN med_other_route AS r ON r.one = f.fact AND r.other = g.fact
    WHERE f.renewable
      AND f.end_low IS NULL
      AND r.one IS NULL
      AND (f.as_needed OR NOT g.as_needed)
      AND (f.start_low IS NULL OR g.start_high IS NULL OR g.start_high > f.start_low)
    UNION ALL
    SELECT f.patient, f.fact, plus_days(GREATEST(n.first_day, DATE '0001-01-02'), -1),
           f.start_low IS NULL OR n.first_day <= f.start_low
    FROM med_denial AS n
    JOIN (
        SELECT patient, fact, member FROM med_linked
        UNION
        SELECT patient, fact, fact FROM med_denial
    ) AS l ON l.patient = n.patient AND l.member = n.fact
    JOIN fact AS f ON f.fact = l.fact AND f.patient = l.patient
    LEFT JOIN med_recording AS r ON r.fact = f.fact
    WHERE n.first_day IS NOT NULL AND COALESCE(r.place, n.place + 1) > n.place
) AS until
GROUP BY patient, fact;
