-- The statements that no record holds so far, as a segment has them.
SELECT
    CAST($unit AS BIGINT) AS unit, CAST(NULL AS VARCHAR) AS patient, subject, predicate, object, kind, datatype,
    language, source, CAST(NULL AS VARCHAR) AS said, CAST(NULL AS VARCHAR) AS place
FROM read_parquet($triples)
