-- What engines see: facts, values, bounds and completeness, by patient. The graph of a patient is made from
-- these tables alone, and the cohort engine reads them as they are.
--
-- A node is a fact, or the patient for a measure. t_scope(relation, kind) lists what the trial's classes need to
-- be complete.

-- What is only planned counts where the relation says so.
CREATE OR REPLACE TABLE x_only_planned AS
SELECT DISTINCT f.fact
FROM fact AS f
LEFT JOIN v_triple AS counts
    ON counts.subject = f.relation AND counts.predicate = 'elig:countsPlanned' AND counts.object = 'true'
WHERE f.planned AND counts.subject IS NULL;

-- Facts by relation: recorded, windowed and derived.
CREATE OR REPLACE TABLE seen_link AS
SELECT recorded.patient, recorded.relation, recorded.fact
FROM (
    SELECT patient, relation, fact FROM fact
    UNION ALL
    SELECT patient, relation, fact FROM windowed_link
) AS recorded
WHERE recorded.fact NOT IN (SELECT fact FROM x_only_planned)
UNION
SELECT patient, relation, fact FROM derived_fact;

CREATE OR REPLACE TABLE x_fact AS
SELECT patient, fact FROM fact
UNION
SELECT patient, fact FROM derived_fact;

-- A dose as its source wrote it, for readers.
CREATE OR REPLACE TABLE x_written_dose AS
SELECT
    q.fact,
    CONCAT(MIN(COALESCE(q.comparator || ' ', '') || COALESCE(q.value, q.low || '–' || q.high) || ' ' || q.unit),
           MIN(' × ' || times.value || ' per ' || period.value || ' ' || period.unit)) AS written
FROM e_quantity AS q
LEFT JOIN e_attribute AS times ON times.fact = q.fact AND times.property = 'elig:timesPerPeriod'
LEFT JOIN e_quantity AS period ON period.fact = q.fact AND period.property = 'elig:period'
WHERE q.property IN ('elig:dose', 'elig:dailyDose')
GROUP BY q.fact
HAVING COUNT(DISTINCT q.property) = 1;

-- Values that are no numbers: concepts of coded attributes; dates, texts, booleans and named values as
-- recorded; the source's own words; derived values; measures of the patient. Only the parts that may repeat
-- themselves are sorted out; a note may come twice. A view: who asks for few attributes makes only their rows.
CREATE OR REPLACE VIEW seen_value AS
SELECT x.patient, x.fact AS node, d.property AS attribute, d.concept AS value, 'iri' AS datatype
FROM x_fact AS x
JOIN d_concept AS d ON d.fact = x.fact
UNION ALL
SELECT x.patient, x.fact, a.property, a.value, a.datatype
FROM x_fact AS x
JOIN e_attribute AS a ON a.fact = x.fact
WHERE a.datatype <> 'xsd:boolean'
  AND a.property NOT IN (SELECT property FROM n_coded_property)
  AND NOT (a.datatype = 'iri' AND a.value LIKE 'urn:eligo:node:%')
UNION ALL
SELECT DISTINCT x.patient, x.fact, a.property, CASE WHEN a.value IN ('true', '1') THEN 'true' ELSE 'false' END, a.datatype
FROM x_fact AS x
JOIN e_attribute AS a ON a.fact = x.fact
WHERE a.datatype = 'xsd:boolean'
  AND a.value IN ('true', 'false', '1', '0')
  AND a.property NOT IN (SELECT property FROM n_coded_property)
UNION ALL
SELECT DISTINCT x.patient, x.fact, 'elig:note', c.display, 'xsd:string'
FROM x_fact AS x
JOIN e_coding AS c ON c.fact = x.fact AND c.property IN ('elig:code', 'elig:agent')
WHERE c.display IS NOT NULL
UNION ALL
SELECT x.patient, x.fact, 'elig:asWritten', dose.written, 'xsd:string'
FROM x_fact AS x
JOIN x_written_dose AS dose ON dose.fact = x.fact
WHERE dose.written <> ''
UNION ALL
SELECT DISTINCT patient, fact, attribute, value,
    CASE WHEN value IN ('true', 'false') THEN 'xsd:boolean' ELSE 'iri' END
FROM fact_attribute WHERE value IS NOT NULL
UNION ALL
SELECT DISTINCT patient, patient, measure, value,
    CASE WHEN value IN ('true', 'false') THEN 'xsd:boolean' ELSE 'iri' END
FROM measurement WHERE value IS NOT NULL
UNION ALL
SELECT patient, patient, 'elig:sexAtBirth', sex, 'iri' FROM d_patient WHERE sex IS NOT NULL;

-- Where a fact's concept prefers a unit, its number is in that unit, and a quantity of another dimension is
-- no value.
CREATE OR REPLACE TABLE x_preferred AS
SELECT DISTINCT below.concept, unit.canonical, unit.num, unit.den
FROM v_triple AS preferred
JOIN v_unit AS unit ON unit.unit = preferred.object
JOIN v_below AS below ON below.kind = preferred.subject
WHERE preferred.predicate = 'elig:preferredUnit';

-- Numbers as bounds (NULL: not bounded): plain numbers; quantities, as the attribute that carries their
-- number; derived numbers; measures of the patient.
CREATE OR REPLACE TABLE seen_bound AS
SELECT numbers.patient, numbers.node, numbers.attribute, numbers.low, numbers.high
FROM (
    SELECT DISTINCT x.patient, x.fact AS node, n.property AS attribute, n.low, n.high
    FROM x_fact AS x
    JOIN d_number AS n ON n.fact = x.fact
    UNION ALL
    SELECT DISTINCT
        x.patient,
        x.fact,
        carrier.subject,
        CASE WHEN preferred.canonical IS NULL THEN q.low
             ELSE as_low(div_floor(nano(q.low) * preferred.den, preferred.num)) END,
        CASE WHEN preferred.canonical IS NULL THEN q.high
             ELSE as_high(div_ceil(nano(q.high) * preferred.den, preferred.num)) END
    FROM x_fact AS x
    JOIN d_quantity AS q ON q.fact = x.fact
    JOIN v_triple AS carrier ON carrier.predicate = 'elig:numberOf' AND carrier.object = q.property
    LEFT JOIN d_concept AS code ON code.fact = x.fact AND code.property = 'elig:code'
    LEFT JOIN x_preferred AS preferred ON preferred.concept = code.concept
    WHERE preferred.canonical IS NULL OR preferred.canonical = q.unit
    UNION ALL
    SELECT DISTINCT patient, fact, attribute, low, high FROM fact_attribute
    UNION ALL
    SELECT DISTINCT patient, patient, measure, low, high FROM measurement
) AS numbers
WHERE numbers.low IS NOT NULL OR numbers.high IS NOT NULL;

-- Relations whose facts are all on record ('elig:Anything'), or those of a kind that is asked for.
CREATE OR REPLACE TABLE seen_complete AS
SELECT DISTINCT known.patient, known.relation, known.kind
FROM complete AS known
LEFT JOIN t_scope AS asked ON asked.relation = known.relation AND asked.kind = known.kind
WHERE known.kind = 'elig:Anything' OR asked.kind IS NOT NULL;

-- What a fact was derived from, and what a measure (then the node is the measure).
CREATE OR REPLACE TABLE seen_source AS
SELECT patient, fact AS node, source FROM fact_source
UNION
SELECT patient, measure, fact FROM measurement_source;
