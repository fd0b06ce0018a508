-- The tables that the derivation reads, as the queries of queries/extract give them.
CREATE OR REPLACE TABLE part_patient AS SELECT patient_key, patient FROM owner ORDER BY ALL;

CREATE OR REPLACE TABLE part_fact AS
SELECT own.key AS patient_key, fact.relation, node_key.key AS fact_key, fact.fact, fact.source
FROM fact
JOIN node_key ON node_key.patient = fact.patient AND node_key.node = fact.fact
JOIN node_key AS own ON own.patient = fact.patient AND own.own
ORDER BY ALL;

CREATE OR REPLACE TABLE part_attribute AS
SELECT DISTINCT
    said.patient_key,
    said.fact_key,
    said.predicate AS property,
    COALESCE(target.key, said.object) AS value,
    COALESCE(said.datatype, 'iri') AS datatype
FROM said
LEFT JOIN node_key AS target
    ON said.kind = 'iri' AND NOT target.own AND target.patient = said.patient AND target.node = said.object
WHERE said.fact_key IS NOT NULL
    AND (said.predicate IN ('elig:birthDate', 'elig:sexAtBirth') OR NOT said.own);

-- A nested node may state a number, a unit, a code or a label; all that may hang on a fact.
CREATE OR REPLACE TABLE nested AS
SELECT patient, subject AS node, predicate, object AS value
FROM said
WHERE predicate IN (
    'elig:value', 'elig:low', 'elig:high', 'elig:unit', 'elig:comparator',
    'elig:inSystem', 'elig:notation', 'rdfs:label', 'elig:asOf', 'elig:date', 'elig:startDate'
);

CREATE OR REPLACE TABLE hung AS
SELECT DISTINCT said.patient_key, said.fact_key, said.predicate AS property, said.patient, said.object AS node
FROM said
WHERE said.fact_key IS NOT NULL AND NOT said.own AND said.kind = 'iri';

CREATE OR REPLACE TABLE part_quantity AS
SELECT DISTINCT
    hung.patient_key, hung.fact_key, hung.property, value.value, low.value AS low, high.value AS high,
    comparator.value AS comparator, unit.value AS unit
FROM hung
SEMI JOIN (SELECT * FROM nested WHERE predicate IN ('elig:value', 'elig:low', 'elig:high', 'elig:unit')) AS any_part
    ON any_part.patient = hung.patient AND any_part.node = hung.node
LEFT JOIN (SELECT * FROM nested WHERE predicate = 'elig:value') AS value
    ON value.patient = hung.patient AND value.node = hung.node
LEFT JOIN (SELECT * FROM nested WHERE predicate = 'elig:low') AS low
    ON low.patient = hung.patient AND low.node = hung.node
LEFT JOIN (SELECT * FROM nested WHERE predicate = 'elig:high') AS high
    ON high.patient = hung.patient AND high.node = hung.node
LEFT JOIN (SELECT * FROM nested WHERE predicate = 'elig:comparator') AS comparator
    ON comparator.patient = hung.patient AND comparator.node = hung.node
LEFT JOIN (SELECT * FROM nested WHERE predicate = 'elig:unit') AS unit
    ON unit.patient = hung.patient AND unit.node = hung.node
ORDER BY ALL;

CREATE OR REPLACE TABLE part_coding AS
SELECT DISTINCT
    hung.patient_key, hung.fact_key, hung.property, system.value AS system, notation.value AS notation,
    display.value AS display
FROM hung
SEMI JOIN (SELECT * FROM nested WHERE predicate IN ('elig:notation', 'elig:inSystem', 'rdfs:label')) AS any_part
    ON any_part.patient = hung.patient AND any_part.node = hung.node
ANTI JOIN (SELECT * FROM nested WHERE predicate IN ('elig:asOf', 'elig:date', 'elig:startDate')) AS dated
    ON dated.patient = hung.patient AND dated.node = hung.node
LEFT JOIN (SELECT * FROM nested WHERE predicate = 'elig:inSystem') AS system
    ON system.patient = hung.patient AND system.node = hung.node
LEFT JOIN (SELECT * FROM nested WHERE predicate = 'elig:notation') AS notation
    ON notation.patient = hung.patient AND notation.node = hung.node
LEFT JOIN (SELECT * FROM nested WHERE predicate = 'rdfs:label') AS display
    ON display.patient = hung.patient AND display.node = hung.node
ORDER BY ALL;

CREATE OR REPLACE VIEW part_triple AS
SELECT patient_key, subject, predicate, object, kind, datatype, language, source
FROM said;
