-- Typed literals whose written form may not be the usual one.
SELECT DISTINCT object, datatype
FROM statement
WHERE kind = 'literal' AND starts_with(datatype, 'xsd:') AND NOT CASE datatype
    WHEN 'xsd:string' THEN TRUE
    WHEN 'xsd:date' THEN length(object) = 10
    WHEN 'xsd:gYearMonth' THEN length(object) = 7
    WHEN 'xsd:gYear' THEN length(object) = 4
    WHEN 'xsd:boolean' THEN object IN ('true', 'false')
    WHEN 'xsd:integer' THEN length(object) < 16 AND regexp_full_match(object, '0|[1-9][0-9]*')
    WHEN 'xsd:decimal'
        THEN length(object) < 16 AND regexp_full_match(object, '(0|[1-9][0-9]*)([.][0-9]*[1-9])?')
    ELSE FALSE
END
