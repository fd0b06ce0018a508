-- One step further: what hangs on the nodes that were found last.
CREATE OR REPLACE TABLE step AS
SELECT DISTINCT owned.patient, statement.object AS node
FROM (SELECT DISTINCT patient, node FROM owned SEMI JOIN owed USING (patient, node) WHERE depth = $depth - 1) AS owned
JOIN every_statement AS statement ON statement.subject = owned.node
WHERE statement.kind IN ('iri', 'blank') AND statement.predicate <> 'rdf:type' AND NOT is_relation(statement.predicate);

-- Their spots, also where one unit alone speaks of them.
INSERT INTO spot
SELECT DISTINCT unit, node, patient, held
FROM every_node
SEMI JOIN (SELECT DISTINCT hash(node) AS hash FROM step) AS met USING (hash)
ANTI JOIN spot AS old
    ON old.unit = every_node.unit AND old.node = every_node.node
    AND old.patient IS NOT DISTINCT FROM every_node.patient
WHERE described;

INSERT INTO owned
SELECT DISTINCT patient, node, $depth
FROM step
SEMI JOIN spot ON spot.node = step.node
ANTI JOIN (SELECT node FROM spot WHERE held OR patient = node) AS entered ON entered.node = step.node
ANTI JOIN fact ON fact.node = step.node
ANTI JOIN owned AS old ON old.patient = step.patient AND old.node = step.node;

INSERT INTO owed
SELECT DISTINCT place.unit, owned.patient, owned.node
FROM owned
JOIN (SELECT DISTINCT unit, node FROM spot) AS place ON place.node = owned.node
ANTI JOIN spot AS given
    ON given.unit = place.unit AND given.node = owned.node AND given.patient = owned.patient
WHERE owned.depth = $depth;
