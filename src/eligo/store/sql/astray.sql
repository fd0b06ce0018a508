-- The statements that no record holds, and how many of each source; with some of their subjects.
COPY (
    SELECT astray.* EXCLUDE (unit, patient)
    FROM every_statement AS astray
    ANTI JOIN owed ON owed.unit = astray.unit AND owed.node = astray.subject
    WHERE astray.patient IS NULL
) TO $astray (FORMAT parquet, COMPRESSION zstd);
