-- Facts that are planned and have not happened, as facts of a relation of their own.

INSERT INTO derived_fact
SELECT DISTINCT fact.patient, declared.subject, fact.fact, fact.concept
FROM v_triple AS declared
JOIN v_triple AS base ON base.subject = declared.subject AND base.predicate = 'elig:baseRelation'
JOIN fact ON fact.relation = base.object AND fact.planned
WHERE declared.predicate = 'elig:family' AND declared.object = 'elig:PlannedFacts';
