-- What engines see as statements: a patient's graph is the set of rows of that patient. Everything comes from
-- the tables of 90-seen; names of measurements, and kinds of the concepts used, are added.
--
-- t_kind(kind) lists the kinds that the trial's classes ask for: "can be" is stated for these.

CREATE OR REPLACE TABLE enriched (
    patient VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    predicate VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    datatype VARCHAR NOT NULL
);

INSERT INTO enriched
SELECT patient, patient, relation, fact, 'iri' FROM seen_link;

INSERT INTO enriched
SELECT patient, node, attribute, value, datatype FROM seen_value;

INSERT INTO enriched
SELECT DISTINCT patient, node, attribute || '.low', CAST(low AS VARCHAR), 'xsd:decimal'
FROM seen_bound WHERE low IS NOT NULL
UNION ALL
SELECT DISTINCT patient, node, attribute || '.high', CAST(high AS VARCHAR), 'xsd:decimal'
FROM seen_bound WHERE high IS NOT NULL;

-- Derived measures as measurements that name their sources.
CREATE OR REPLACE TABLE x_measurement AS
SELECT seen.patient, seen.measure, 'urn:eligo:measurement:' || SHA256(seen.patient || ' ' || seen.measure) AS node
FROM (
    SELECT patient, attribute AS measure FROM seen_value WHERE node = patient
    UNION
    SELECT patient, attribute FROM seen_bound WHERE node = patient
    UNION
    SELECT patient, node FROM seen_source
) AS seen
WHERE seen.measure IN (SELECT subject FROM v_triple WHERE predicate = 'elig:family');

INSERT INTO enriched
SELECT patient, patient, 'elig:hasMeasurement', node, 'iri' FROM x_measurement
UNION ALL
SELECT patient, node, 'elig:ofMeasure', measure, 'iri' FROM x_measurement
UNION ALL
SELECT s.patient, COALESCE(m.node, s.node), 'prov:wasDerivedFrom', s.source, 'iri'
FROM seen_source AS s
LEFT JOIN x_measurement AS m ON m.patient = s.patient AND m.measure = s.node;

-- Completeness; what is complete as a whole is complete for each kind that is asked for.
INSERT INTO enriched
SELECT patient, patient, relation || '.complete', kind, 'iri' FROM seen_complete
UNION
SELECT c.patient, c.patient, c.relation || '.complete', asked.kind, 'iri'
FROM seen_complete AS c
JOIN t_scope AS asked ON asked.relation = c.relation
WHERE c.kind = 'elig:Anything';

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
