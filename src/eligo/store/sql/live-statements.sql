-- The statements of a part that is there, as a segment has them.
SELECT
    CAST($unit AS BIGINT) AS unit, owner.patient, subject, predicate, object, kind, datatype, language, source,
    CAST(NULL AS VARCHAR) AS said, CAST(NULL AS VARCHAR) AS place
FROM read_parquet($triples) AS triple
LEFT JOIN read_parquet($patients) AS owner ON owner.patient_key = triple.patient_key
