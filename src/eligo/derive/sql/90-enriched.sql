-- What engines see: the cleaned facts, derived values, completeness and the kinds of the concepts used, as
-- statements. A patient's graph is the set of rows of that patient.
--
-- t_kind(kind) lists the kinds that the trial's criteria ask for: "can be" and completeness are stated for these.

CREATE OR REPLACE TABLE enriched (
    patient VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    predicate VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    datatype VARCHAR NOT NULL
);

-- What is only planned counts where the relation says so.
CREATE OR REPLACE TABLE x_only_planned AS
SELECT DISTINCT f.fact
FROM fact AS f
LEFT JOIN v_triple AS counts
    ON counts.subject = f.relation AND counts.predicate = 'elig:countsPlanned' AND counts.object = 'true'
WHERE f.planned AND counts.subject IS NULL;

-- Facts by relation: recorded, windowed and derived.
INSERT INTO enriched
SELECT DISTINCT patient, patient, relation, fact, 'iri' FROM fact
WHERE fact NOT IN (SELECT fact FROM x_only_planned);
INSERT INTO enriched
SELECT DISTINCT patient, patient, relation, fact, 'iri' FROM windowed_link
WHERE fact NOT IN (SELECT fact FROM x_only_planned);
INSERT INTO enriched
SELECT DISTINCT patient, patient, relation, fact, 'iri' FROM derived_fact;

CREATE OR REPLACE TABLE x_fact AS
SELECT DISTINCT patient, fact FROM fact
UNION
SELECT DISTINCT patient, fact FROM derived_fact;

-- Coded attributes by their concepts.
INSERT INTO enriched
SELECT DISTINCT x.patient, x.fact, d.property, d.concept, 'iri'
FROM x_fact AS x
JOIN d_concept AS d ON d.fact = x.fact;

-- Other attributes as recorded: dates, texts, booleans and named values.
INSERT INTO enriched
SELECT DISTINCT x.patient, x.fact, a.property, a.value, a.datatype
FROM x_fact AS x
JOIN e_attribute AS a ON a.fact = x.fact
WHERE a.property NOT IN (SELECT property FROM n_coded_property)
  AND NOT (a.datatype = 'iri' AND a.value LIKE 'urn:eligo:node:%');

-- Codings and quantities as the source wrote them, for readers.
INSERT INTO enriched
SELECT DISTINCT x.patient, x.fact, 'elig:note', c.display, 'xsd:string'
FROM x_fact AS x
JOIN e_coding AS c ON c.fact = x.fact AND c.property IN ('elig:code', 'elig:agent')
WHERE c.display IS NOT NULL;

INSERT INTO enriched
SELECT DISTINCT x.patient, x.fact, 'elig:asWritten', dose.written, 'xsd:string'
FROM x_fact AS x
JOIN (
    SELECT
        q.fact,
        CONCAT(MIN(COALESCE(q.comparator || ' ', '') || COALESCE(q.value, q.low || '–' || q.high) || ' ' || q.unit),
               MIN(' × ' || times.value || ' per ' || period.value || ' ' || period.unit)) AS written
    FROM e_quantity AS q
    LEFT JOIN e_attribute AS times ON times.fact = q.fact AND times.property = 'elig:timesPerPeriod'
    LEFT JOIN e_quantity AS period ON period.fact = q.fact AND period.property = 'elig:period'
    WHERE q.property IN ('elig:dose', 'elig:dailyDose')
    GROUP BY q.fact
    HAVING COUNT(DISTINCT q.property) = 1
) AS dose ON dose.fact = x.fact
WHERE dose.written <> '';

-- Plain numbers as bounds.
INSERT INTO enriched
SELECT DISTINCT x.patient, x.fact, n.property || '.low', CAST(n.low AS VARCHAR), 'xsd:decimal'
FROM x_fact AS x
JOIN d_number AS n ON n.fact = x.fact
WHERE n.low IS NOT NULL
UNION
SELECT DISTINCT x.patient, x.fact, n.property || '.high', CAST(n.high AS VARCHAR), 'xsd:decimal'
FROM x_fact AS x
JOIN d_number AS n ON n.fact = x.fact
WHERE n.high IS NOT NULL;

-- Quantities as the bounds of the attribute that carries their number. Where the fact's concept prefers a
-- unit, the number is in that unit and a quantity of another dimension is no value.
CREATE OR REPLACE TABLE x_preferred AS
SELECT DISTINCT below.concept, unit.canonical, unit.num, unit.den
FROM v_triple AS preferred
JOIN v_unit AS unit ON unit.unit = preferred.object
JOIN v_below AS below ON below.kind = preferred.subject
WHERE preferred.predicate = 'elig:preferredUnit';

CREATE OR REPLACE TABLE x_quantity AS
SELECT
    x.patient,
    x.fact,
    carrier.subject AS attribute,
    CASE WHEN preferred.canonical IS NULL THEN q.low
         ELSE as_low(div_floor(nano(q.low) * preferred.den, preferred.num)) END AS low,
    CASE WHEN preferred.canonical IS NULL THEN q.high
         ELSE as_high(div_ceil(nano(q.high) * preferred.den, preferred.num)) END AS high
FROM x_fact AS x
JOIN d_quantity AS q ON q.fact = x.fact
JOIN v_triple AS carrier ON carrier.predicate = 'elig:numberOf' AND carrier.object = q.property
LEFT JOIN d_concept AS code ON code.fact = x.fact AND code.property = 'elig:code'
LEFT JOIN x_preferred AS preferred ON preferred.concept = code.concept
WHERE preferred.canonical IS NULL OR preferred.canonical = q.unit;

INSERT INTO enriched
SELECT DISTINCT patient, fact, attribute || '.low', CAST(low AS VARCHAR), 'xsd:decimal'
FROM x_quantity WHERE low IS NOT NULL
UNION
SELECT DISTINCT patient, fact, attribute || '.high', CAST(high AS VARCHAR), 'xsd:decimal'
FROM x_quantity WHERE high IS NOT NULL;

-- Derived attributes.
INSERT INTO enriched
SELECT DISTINCT patient, fact, attribute || '.low', CAST(low AS VARCHAR), 'xsd:decimal'
FROM fact_attribute WHERE low IS NOT NULL
UNION
SELECT DISTINCT patient, fact, attribute || '.high', CAST(high AS VARCHAR), 'xsd:decimal'
FROM fact_attribute WHERE high IS NOT NULL
UNION
SELECT DISTINCT patient, fact, attribute, value,
    CASE WHEN value IN ('true', 'false') THEN 'xsd:boolean' ELSE 'iri' END
FROM fact_attribute WHERE value IS NOT NULL;

INSERT INTO enriched
SELECT DISTINCT patient, fact, 'prov:wasDerivedFrom', source, 'iri' FROM fact_source;

-- Measures, on the patient and as measurements that name their sources.
INSERT INTO enriched
SELECT DISTINCT patient, patient, measure || '.low', CAST(low AS VARCHAR), 'xsd:decimal'
FROM measurement WHERE low IS NOT NULL
UNION
SELECT DISTINCT patient, patient, measure || '.high', CAST(high AS VARCHAR), 'xsd:decimal'
FROM measurement WHERE high IS NOT NULL
UNION
SELECT DISTINCT patient, patient, measure, value,
    CASE WHEN value IN ('true', 'false') THEN 'xsd:boolean' ELSE 'iri' END
FROM measurement WHERE value IS NOT NULL
UNION
SELECT patient, patient, 'elig:sexAtBirth', sex, 'iri' FROM d_patient WHERE sex IS NOT NULL;

CREATE OR REPLACE TABLE x_measurement AS
SELECT DISTINCT patient, measure, 'urn:eligo:measurement:' || SHA256(patient || ' ' || measure) AS node
FROM measurement;

INSERT INTO enriched
SELECT patient, patient, 'elig:hasMeasurement', node, 'iri' FROM x_measurement
UNION ALL
SELECT patient, node, 'elig:ofMeasure', measure, 'iri' FROM x_measurement
UNION ALL
SELECT DISTINCT m.patient, m.node, 'prov:wasDerivedFrom', s.fact, 'iri'
FROM x_measurement AS m
JOIN measurement_source AS s ON s.patient = m.patient AND s.measure = m.measure;

-- Completeness, for the kinds that are asked for.
INSERT INTO enriched
SELECT DISTINCT c.patient, c.patient, c.relation || '.complete', c.kind, 'iri'
FROM complete AS c
WHERE c.kind = 'elig:Anything' OR c.kind IN (SELECT kind FROM t_kind);

INSERT INTO enriched
SELECT DISTINCT c.patient, c.patient, c.relation || '.complete', k.kind, 'iri'
FROM complete AS c
CROSS JOIN t_kind AS k
WHERE c.kind = 'elig:Anything'
  AND NOT EXISTS (
      SELECT 1 FROM complete AS known
      WHERE known.patient = c.patient AND known.relation = c.relation AND known.kind = k.kind);

-- The kinds of every concept a patient's graph names.
CREATE OR REPLACE TABLE x_concept AS
SELECT DISTINCT e.patient, e.object AS concept
FROM enriched AS e
WHERE e.datatype = 'iri' AND e.object IN (SELECT concept FROM v_below)
  AND e.predicate NOT LIKE '%.complete';

INSERT INTO enriched
SELECT x.patient, x.concept, 'rdf:type', b.kind, 'iri'
FROM x_concept AS x
JOIN v_below AS b ON b.concept = x.concept
UNION
SELECT x.patient, x.concept, 'elig:canBe', c.kind, 'iri'
FROM x_concept AS x
JOIN v_can_be AS c ON c.concept = x.concept
WHERE c.kind = x.concept OR c.kind IN (SELECT kind FROM t_kind);
