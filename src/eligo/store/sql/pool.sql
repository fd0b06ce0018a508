-- What the scattered patients are given by the units they do not live in.
COPY (
    SELECT scattered.bucket, scattered.patient, found.* EXCLUDE (unit, patient)
    FROM every_statement AS found
    JOIN scattered ON scattered.patient = found.patient
    WHERE scattered.home IS DISTINCT FROM found.unit
    UNION ALL
    SELECT scattered.bucket, scattered.patient, found.* EXCLUDE (unit, patient)
    FROM (
        -- a unit may give one node to several patients; each statement counts once
        SELECT DISTINCT ON (unit, subject, predicate, object, kind, datatype, language, source, said, place) *
        FROM every_statement
        SEMI JOIN owed ON owed.unit = every_statement.unit AND owed.node = every_statement.subject
    ) AS found
    JOIN owed ON owed.unit = found.unit AND owed.node = found.subject
    JOIN scattered ON scattered.patient = owed.patient
) TO $pool (FORMAT parquet, COMPRESSION lz4, PARTITION_BY (bucket), OVERWRITE_OR_IGNORE);
