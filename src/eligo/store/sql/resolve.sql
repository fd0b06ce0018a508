-- Begins to find whose the nodes are that several units speak of.

-- By hash: two nodes with one hash are looked at in vain, and nothing else.
CREATE OR REPLACE TABLE candidate AS
SELECT hash
FROM every_node
GROUP BY hash
HAVING MIN(unit) <> MAX(unit) AND BOOL_OR(described);

CREATE OR REPLACE TABLE spot AS
SELECT DISTINCT unit, node, patient, held
FROM every_node
SEMI JOIN candidate USING (hash)
WHERE described;

CREATE OR REPLACE TABLE shared AS SELECT DISTINCT node FROM spot;

CREATE OR REPLACE TABLE person AS SELECT DISTINCT node FROM spot WHERE patient = node;

CREATE OR REPLACE TABLE pointing AS
SELECT DISTINCT patient, subject, object AS node, is_relation(predicate) AS holds
FROM every_statement
SEMI JOIN shared ON shared.node = every_statement.object
ANTI JOIN person ON person.node = every_statement.object
WHERE kind IN ('iri', 'blank') AND predicate <> 'rdf:type';

CREATE OR REPLACE TABLE fact AS SELECT DISTINCT node FROM pointing WHERE holds;

CREATE OR REPLACE TABLE owned AS
SELECT node AS patient, node, 0 AS depth FROM person
UNION
SELECT subject, node, 0 FROM pointing WHERE holds
UNION
SELECT patient, node, 0 FROM pointing ANTI JOIN fact USING (node) WHERE NOT holds AND patient IS NOT NULL
UNION
SELECT patient, node, 0 FROM spot WHERE patient IS NOT NULL;

-- What a patient is owed from a unit that does not give it to them.
CREATE OR REPLACE TABLE owed AS
SELECT DISTINCT place.unit, owned.patient, owned.node
FROM owned
JOIN (SELECT DISTINCT unit, node FROM spot) AS place ON place.node = owned.node
ANTI JOIN spot AS given
    ON given.unit = place.unit AND given.node = owned.node AND given.patient = owned.patient;
