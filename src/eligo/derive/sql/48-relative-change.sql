-- By how many percent a later value of a test differed from an earlier one, at most, in a window.
--
-- The lower bound counts changes that surely happened in the window; the upper bound all that may have, and
-- there is none where the values do not cover the window, or where one of them cannot be read.

CREATE OR REPLACE TABLE change_request AS
SELECT
    declared.subject AS measure,
    COALESCE(MAX(CASE WHEN given.predicate = 'elig:anchor' THEN given.object END), 'elig:ScreeningDate')
        AS anchor,
    CAST(MAX(CASE WHEN given.predicate = 'elig:daysBefore' THEN given.object END) AS INTEGER) AS days_before,
    CAST(MAX(CASE WHEN given.predicate = 'elig:monthsBefore' THEN given.object END) AS INTEGER) AS months_before,
    COALESCE(CAST(MAX(CASE WHEN given.predicate = 'elig:daysBeforeStart' THEN given.object END) AS INTEGER), 0)
        AS before_start,
    COALESCE(CAST(MAX(CASE WHEN given.predicate = 'elig:daysBeforeEnd' THEN given.object END) AS INTEGER), 0)
        AS before_end
FROM v_triple AS declared
JOIN v_triple AS given ON given.subject = declared.subject
WHERE declared.predicate = 'elig:family' AND declared.object = 'elig:RelativeChangeOverWindow'
GROUP BY declared.subject;

-- The window of each patient. The day it begins on and the anchor lie between two days; NULL is not known.
CREATE OR REPLACE TABLE change_window AS
SELECT
    request.measure,
    anchor_date.patient,
    screening.evaluation,
    request.before_start,
    plus_days(anchor_date.high, -request.before_end) AS end_from,
    CASE WHEN request.months_before IS NOT NULL
             THEN CAST(anchor_date.low - INTERVAL 1 MONTH * request.months_before AS DATE)
         ELSE plus_days(anchor_date.low, -request.days_before) END AS begin_low,
    CASE WHEN request.months_before IS NOT NULL
             THEN CAST(anchor_date.high - INTERVAL 1 MONTH * request.months_before AS DATE)
         ELSE plus_days(anchor_date.high, -request.days_before) END AS begin_high
FROM change_request AS request
JOIN anchor_date ON anchor_date.anchor = request.anchor
JOIN screening ON screening.patient = anchor_date.patient
WHERE request.months_before IS NOT NULL OR request.days_before IS NOT NULL;

CREATE OR REPLACE TABLE change_fact AS
SELECT DISTINCT span.measure, span.patient, fact.fact, fact.start_low AS date_low, fact.start_high AS date_high
FROM change_window AS span
JOIN v_triple AS kind ON kind.subject = span.measure AND kind.predicate = 'elig:ofKind'
JOIN v_below AS below ON below.kind = kind.object
JOIN fact
    ON fact.patient = span.patient AND fact.relation = 'elig:hasObservation' AND fact.concept = below.concept
WHERE NOT fact.planned
    AND fact.start_low <= span.evaluation
    AND fact.start_high >= plus_days(span.begin_low, -span.before_start);

-- Values of the same day or partial date are one interval, in billionths of a canonical unit. "inside": surely
-- in the window; "around": maybe; "at_start", "at_end": surely covers that end; "before_window": it may be what
-- the window begins with.
CREATE OR REPLACE TABLE change_day AS
SELECT
    day.*,
    COALESCE(day.date_low >= span.begin_high AND day.date_high <= span.evaluation, FALSE) AS inside,
    day.date_high >= span.begin_low AS around,
    COALESCE(day.date_low >= plus_days(span.begin_high, -span.before_start), FALSE)
        AND day.date_high <= span.begin_low AS at_start,
    COALESCE(day.date_low >= span.end_from AND day.date_low > span.begin_high, FALSE)
        AND day.date_high <= span.evaluation AS at_end,
    COALESCE(day.date_low <= span.begin_high, TRUE) AS before_window
FROM (
    SELECT
        found.measure,
        found.patient,
        found.date_low,
        found.date_high,
        COUNT(*) = COUNT(quantity.fact) AND COUNT(DISTINCT quantity.unit) = 1 AS readable,
        MIN(quantity.unit) AS unit,
        CASE WHEN COUNT(quantity.low) = COUNT(*) THEN MIN(nano(quantity.low)) END AS low,
        CASE WHEN COUNT(quantity.high) = COUNT(*) THEN MAX(nano(quantity.high)) END AS high
    FROM change_fact AS found
    LEFT JOIN d_quantity AS quantity ON quantity.fact = found.fact AND quantity.property = 'elig:quantity'
    GROUP BY found.measure, found.patient, found.date_low, found.date_high
) AS day
JOIN change_window AS span ON span.measure = day.measure AND span.patient = day.patient;

-- The days that count: those in the window and the newest ones at its beginning.
CREATE OR REPLACE TABLE change_member AS
SELECT dated.*
FROM (
    SELECT
        change_day.*,
        MAX(CASE WHEN at_start THEN date_low END) OVER (PARTITION BY measure, patient) AS started
    FROM change_day
) AS dated
WHERE dated.around OR (dated.before_window AND COALESCE(dated.date_high >= dated.started, FALSE));

-- What may have been measured on a day that surely lies in the window: a value with a partial date may be of
-- that day too.
CREATE OR REPLACE TABLE change_hull AS
SELECT
    day.measure,
    day.patient,
    day.date_low,
    day.date_high,
    MIN(other.unit) AS unit,
    CASE WHEN COUNT(other.low) = COUNT(*) THEN MIN(other.low) END AS low,
    CASE WHEN COUNT(other.high) = COUNT(*) THEN MAX(other.high) END AS high
FROM change_day AS day
JOIN change_day AS other
    ON other.measure = day.measure AND other.patient = day.patient
    AND other.date_low <= day.date_high AND other.date_high >= day.date_low
WHERE day.inside
GROUP BY day.measure, day.patient, day.date_low, day.date_high
HAVING COUNT(*) = COUNT(CASE WHEN other.readable THEN 1 END) AND COUNT(DISTINCT other.unit) = 1;

-- Changes in billionths of a percent. An earlier value that may be zero or below gives no ratio.
CREATE OR REPLACE TABLE change_least AS
SELECT
    earlier.measure,
    earlier.patient,
    MAX(GREATEST(
        CASE WHEN later.low > earlier.high
             THEN div_floor((later.low - earlier.high) * CAST(100000000000 AS HUGEINT), NULLIF(earlier.high, 0)) ELSE 0 END,
        CASE WHEN later.high < earlier.low
             THEN div_floor((earlier.low - later.high) * CAST(100000000000 AS HUGEINT), NULLIF(earlier.low, 0)) ELSE 0 END
    )) AS low
FROM change_hull AS earlier
JOIN change_hull AS later
    ON later.measure = earlier.measure AND later.patient = earlier.patient AND later.unit = earlier.unit
    AND later.date_low > earlier.date_high
WHERE earlier.low > 0
GROUP BY earlier.measure, earlier.patient;

-- Values of one partial date may be of different days. What has no end leaves the change without one, save that
-- nothing that stays above zero falls by more than the whole.
CREATE OR REPLACE TABLE change_most AS
SELECT
    pair.measure,
    pair.patient,
    CASE WHEN COUNT(pair.rise) = COUNT(*) AND COUNT(pair.fall) = COUNT(*)
         THEN MAX(GREATEST(pair.rise, pair.fall, 0)) END AS high
FROM (
    SELECT
        earlier.measure,
        earlier.patient,
        CASE WHEN earlier.low > 0
             THEN div_ceil((later.high - earlier.low) * CAST(100000000000 AS HUGEINT), NULLIF(earlier.low, 0)) END AS rise,
        CASE WHEN earlier.high IS NULL AND later.low >= 0 THEN CAST(100000000000 AS HUGEINT)
             WHEN earlier.low > 0
             THEN div_ceil((earlier.high - later.low) * CAST(100000000000 AS HUGEINT), NULLIF(earlier.high, 0)) END AS fall
    FROM change_member AS earlier
    JOIN change_member AS later
        ON later.measure = earlier.measure AND later.patient = earlier.patient
        AND earlier.date_low < later.date_high
) AS pair
GROUP BY pair.measure, pair.patient;

CREATE OR REPLACE TABLE change_covered AS
SELECT measure, patient
FROM change_member
GROUP BY measure, patient
HAVING COUNT(CASE WHEN at_start THEN 1 END) > 0
    AND COUNT(CASE WHEN at_end THEN 1 END) > 0
    AND COUNT(*) = COUNT(CASE WHEN readable THEN 1 END)
    AND COUNT(DISTINCT unit) = 1;

INSERT INTO measurement
SELECT bounded.patient, bounded.measure, as_low(bounded.low), as_high(bounded.high), NULL
FROM (
    SELECT
        found.patient,
        found.measure,
        COALESCE(least.low, 0) AS low,
        CASE WHEN covered.patient IS NOT NULL THEN most.high END AS high
    FROM (SELECT DISTINCT patient, measure FROM change_member) AS found
    LEFT JOIN change_least AS least ON least.measure = found.measure AND least.patient = found.patient
    LEFT JOIN change_most AS most ON most.measure = found.measure AND most.patient = found.patient
    LEFT JOIN change_covered AS covered
        ON covered.measure = found.measure AND covered.patient = found.patient
) AS bounded
WHERE bounded.low > 0 OR as_high(bounded.high) IS NOT NULL;

INSERT INTO measurement_source
SELECT DISTINCT found.patient, found.measure, found.fact
FROM change_fact AS found
JOIN change_member AS member
    ON member.measure = found.measure AND member.patient = found.patient
    AND member.date_low = found.date_low AND member.date_high = found.date_high
JOIN measurement AS measured ON measured.patient = found.patient AND measured.measure = found.measure;
