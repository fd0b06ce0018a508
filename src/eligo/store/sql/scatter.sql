-- Patients of whom more than one unit speaks, the part they live in where there is one, and their new place.
CREATE OR REPLACE TABLE scattered AS
SELECT
    met.patient,
    MIN(home.unit) AS home,
    CASE
        WHEN MIN(home.unit) IS NULL
            THEN CAST((ROW_NUMBER() OVER (PARTITION BY MIN(home.unit) IS NULL ORDER BY met.patient) - 1)
                      // $part_patients AS BIGINT)
        ELSE MIN(home.unit)
    END AS bucket
FROM (
    SELECT patient
    FROM every_node
    WHERE patient = node
    GROUP BY patient
    HAVING MIN(unit) <> MAX(unit)
    UNION
    SELECT patient FROM owed
) AS met
LEFT JOIN (SELECT unit, patient FROM every_node WHERE patient = node AND unit < 0) AS home
    ON home.patient = met.patient
GROUP BY met.patient;

COPY (SELECT patient, home, bucket FROM scattered ORDER BY patient)
TO $scattered (FORMAT parquet, COMPRESSION lz4);
