-- Links of windowed relations: recorded facts that may lie in the window.

CREATE OR REPLACE TABLE windowed_link AS
SELECT DISTINCT n_fact.patient, span.relation, n_fact.fact
FROM relation_window AS span
JOIN n_fact ON n_fact.patient = span.patient AND n_fact.relation = span.base
LEFT JOIN n_current ON n_current.fact = n_fact.fact AND n_current.patient = n_fact.patient
LEFT JOIN n_active ON n_active.fact = n_fact.fact AND n_active.patient = n_fact.patient
WHERE (span.first_day IS NULL OR n_fact.end_high IS NULL OR n_fact.end_high >= span.first_day
       OR (span.current_only AND n_fact.relation IN ('elig:hasCondition')))
    AND (span.last_day IS NULL OR n_fact.start_low IS NULL OR n_fact.start_low <= span.last_day)
    AND NOT (span.current_only
             AND (COALESCE(n_current.value, '') = 'false' OR COALESCE(n_active.value, '') = 'false'));
