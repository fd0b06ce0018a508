-- Whose record a statement belongs to, as far as this segment tells.
--
-- From the patient by relations to facts, and on by any other link. A fact is entered by a relation only,
-- and a patient never, so that a node that everybody points at does not join all records.
CREATE OR REPLACE TABLE known AS
SELECT DISTINCT subject AS patient
FROM statement
WHERE (predicate = 'rdf:type' AND object = 'elig:Patient') OR is_relation(predicate);

CREATE OR REPLACE TABLE held AS
SELECT DISTINCT subject AS patient, object AS node
FROM statement
ANTI JOIN known ON known.patient = statement.object
WHERE kind <> 'literal' AND is_relation(predicate);

CREATE OR REPLACE TABLE described AS SELECT DISTINCT subject AS node FROM statement;

CREATE OR REPLACE TABLE link AS
SELECT DISTINCT subject, object AS node
FROM statement
WHERE kind IN ('iri', 'blank') AND predicate <> 'rdf:type' AND NOT is_relation(predicate);

-- What is pointed at and described elsewhere, if anywhere.
CREATE OR REPLACE TABLE pending AS
SELECT node FROM held
UNION
SELECT node FROM link;

DELETE FROM pending USING described WHERE described.node = pending.node;

CREATE OR REPLACE TABLE step AS
SELECT link.subject, link.node
FROM link
SEMI JOIN described ON described.node = link.node
ANTI JOIN held ON held.node = link.node
ANTI JOIN known ON known.patient = link.node;

CREATE OR REPLACE TABLE reach AS
SELECT patient, patient AS node, 0 AS depth FROM known
UNION ALL
SELECT patient, node, 0 FROM held SEMI JOIN described ON described.node = held.node;
