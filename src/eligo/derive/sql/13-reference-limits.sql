-- Reference limits of which the lower one lies above the upper one.

INSERT INTO data_problem
SELECT DISTINCT fact.patient, fact.fact, 'elig:ReversedLimits', 'the limits of ' || REPLACE(fact.concept, 'concept:', '')
FROM fact
JOIN d_quantity AS lowest ON lowest.fact = fact.fact AND lowest.property = 'elig:lowerReferenceLimit'
JOIN d_quantity AS highest
    ON highest.fact = fact.fact AND highest.property = 'elig:upperReferenceLimit' AND highest.unit = lowest.unit
WHERE nano(lowest.low) > nano(highest.high);
