-- Dates as intervals of days, and the patient.

-- Every date as its source wrote it, with the days it may mean; a time of day and a zone are dropped.
-- An impossible date (30 February) has no days.
CREATE OR REPLACE TABLE n_date AS
SELECT
    written.fact,
    written.property,
    CASE written.form
        WHEN 'day' THEN TRY_CAST(SUBSTR(written.lexical, 1, 10) AS DATE)
        WHEN 'month' THEN TRY_CAST(SUBSTR(written.lexical, 1, 7) || '-01' AS DATE)
        WHEN 'year' THEN TRY_CAST(SUBSTR(written.lexical, 1, 4) || '-01-01' AS DATE)
    END AS low,
    CASE written.form
        WHEN 'day' THEN TRY_CAST(SUBSTR(written.lexical, 1, 10) AS DATE)
        WHEN 'month' THEN LAST_DAY(TRY_CAST(SUBSTR(written.lexical, 1, 7) || '-01' AS DATE))
        WHEN 'year' THEN TRY_CAST(SUBSTR(written.lexical, 1, 4) || '-12-31' AS DATE)
    END AS high
FROM (
    SELECT
        fact,
        property,
        TRIM(value) AS lexical,
        CASE
            WHEN SUBSTR(TRIM(value), 1, 4) = '0000' THEN NULL
            WHEN regexp_matches(TRIM(value),
                '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?$')
                THEN 'day'
            WHEN regexp_matches(TRIM(value), '^[0-9]{4}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$') THEN 'month'
            WHEN regexp_matches(TRIM(value), '^[0-9]{4}(Z|[+-][0-9]{2}:[0-9]{2})?$') THEN 'year'
        END AS form
    FROM e_attribute
    WHERE datatype IN ('xsd:date', 'xsd:dateTime', 'xsd:dateTimeStamp', 'xsd:gYearMonth', 'xsd:gYear')
        OR property IN ('elig:birthDate', 'elig:date', 'elig:startDate', 'elig:endDate', 'elig:asOf',
                        'elig:coversFrom')
) AS written;

-- Several dates of one attribute span an interval; one unreadable among them leaves none.
CREATE OR REPLACE TABLE d_date AS
SELECT fact, property, MIN(low) AS low, MAX(high) AS high
FROM n_date
GROUP BY fact, property
HAVING COUNT(*) = COUNT(low);

-- An end that the source says is not known is as open as one that cannot be read.
CREATE OR REPLACE TABLE d_date_unreadable AS
SELECT fact, property FROM n_date WHERE low IS NULL
UNION
SELECT open_end.fact, 'elig:endDate'
FROM e_attribute AS open_end
LEFT JOIN n_date AS ended ON ended.fact = open_end.fact AND ended.property = 'elig:endDate'
WHERE open_end.property = 'elig:endUnknown' AND LOWER(open_end.value) IN ('true', '1') AND ended.fact IS NULL;

INSERT INTO data_problem
SELECT patient.patient, patient.patient, 'elig:ConflictingBirthDates', clash.days
FROM (SELECT DISTINCT patient FROM screening) AS patient
JOIN (
    SELECT fact, CAST(MIN(low) AS VARCHAR) || ' to ' || CAST(MAX(high) AS VARCHAR) AS days
    FROM n_date
    WHERE property = 'elig:birthDate'
    GROUP BY fact
    HAVING MAX(low) > MIN(high)
) AS clash ON clash.fact = patient.patient;

CREATE OR REPLACE TABLE n_sex AS
SELECT
    fact AS patient,
    MIN(value) AS sex,
    COUNT(DISTINCT value) AS sexes,
    STRING_AGG(DISTINCT value, ', ' ORDER BY value) AS named
FROM e_attribute
WHERE property = 'elig:sexAtBirth'
GROUP BY fact;

INSERT INTO data_problem
SELECT DISTINCT screening.patient, screening.patient, 'elig:ConflictingSex', n_sex.named
FROM screening
JOIN n_sex ON n_sex.patient = screening.patient AND n_sex.sexes > 1;

CREATE OR REPLACE TABLE d_patient AS
SELECT
    known.patient,
    birth.low AS birth_low,
    birth.high AS birth_high,
    CASE WHEN n_sex.sexes = 1 THEN n_sex.sex END AS sex
FROM (SELECT DISTINCT patient FROM screening) AS known
LEFT JOIN d_date AS birth ON birth.fact = known.patient AND birth.property = 'elig:birthDate'
LEFT JOIN n_sex ON n_sex.patient = known.patient;
