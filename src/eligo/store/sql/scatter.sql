-- Patients of whom more than one unit speaks, or who are owed something: the unit they live in, where that is
-- settled, and the bucket that they are given things by.
CREATE OR REPLACE TABLE scattered AS
SELECT
    patient,
    home,
    COALESCE(
        home,
        CAST($first AS BIGINT)
        + (ROW_NUMBER() OVER (PARTITION BY home IS NULL ORDER BY patient) - 1) // $part_patients
    ) AS bucket
FROM (
    SELECT
        met.patient,
        CASE
            WHEN MIN(known.unit) < 0 OR MIN(known.unit) = MAX(known.unit) THEN MIN(known.unit)
        END AS home
    FROM (
        SELECT patient
        FROM every_node
        WHERE patient = node
        GROUP BY patient
        HAVING MIN(unit) <> MAX(unit)
        UNION
        SELECT patient FROM owed
    ) AS met
    JOIN every_node AS known ON known.patient = met.patient AND known.node = met.patient
    GROUP BY met.patient
);

-- Those who do not stay in the segment that speaks of them.
COPY (SELECT patient FROM scattered WHERE home IS NULL OR home < 0 ORDER BY patient)
TO $scattered (FORMAT parquet, COMPRESSION lz4);
