-- Kinds of medication records, and records that a later one of the same drug and kind may have renewed.

-- Which drugs can be the same: one is at or below the other, or can be. An unmapped code tells nothing.
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

-- The last day on which a record without a last day surely holds: the day before the first later record
-- may start. Of two of which either may be the later one, neither surely holds for long.
CREATE OR REPLACE TABLE med_renewed AS
SELECT f.patient, f.fact, plus_days(MIN(COALESCE(g.start_low, DATE '0001-01-02')), -1) AS last_sure
FROM med_recorded_fact AS f
JOIN med_recorded_fact AS g ON g.patient = f.patient AND g.kind = f.kind AND g.fact <> f.fact
JOIN med_same_drug AS s ON s.one = f.concept AND s.other = g.concept
LEFT JOIN med_other_route AS r ON r.one = f.fact AND r.other = g.fact
WHERE f.renewable
  AND f.end_low IS NULL
  AND r.one IS NULL
  AND (f.as_needed OR NOT g.as_needed)
  AND (f.start_low IS NULL OR g.start_high IS NULL OR g.start_high > f.start_low)
GROUP BY f.patient, f.fact;
