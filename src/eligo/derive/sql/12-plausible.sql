-- Results outside what a living adult can have: most likely a slip of the unit or of a digit.

INSERT INTO data_problem
SELECT DISTINCT
    fact.patient,
    fact.fact,
    'elig:ImplausibleValue',
    'a result of ' || REPLACE(kind.object, 'concept:', '') || ' lies outside ' || lowest.object || ' to '
        || highest.object || ' ' || REPLACE(REPLACE(unit.unit, 'unit:', ''), '_per_', '/')
FROM v_triple AS kind
JOIN v_triple AS lowest ON lowest.subject = kind.subject AND lowest.predicate = 'elig:plausibleFrom'
JOIN v_triple AS highest ON highest.subject = kind.subject AND highest.predicate = 'elig:plausibleTo'
JOIN v_triple AS in_unit ON in_unit.subject = kind.subject AND in_unit.predicate = 'elig:unit'
JOIN v_unit AS unit ON unit.unit = in_unit.object
JOIN v_below AS below ON below.kind = kind.object
JOIN fact ON fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
JOIN d_quantity AS written
    ON written.fact = fact.fact AND written.property = 'elig:quantity' AND written.unit = unit.canonical
WHERE kind.predicate = 'elig:ofKind'
    AND (nano(written.low) * unit.den > nano(CAST(highest.object AS DECIMAL(18, 9))) * unit.num
         OR nano(written.high) * unit.den < nano(CAST(lowest.object AS DECIMAL(18, 9))) * unit.num);
