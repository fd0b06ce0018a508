-- Who falls out where. Reads the tables of a folder of results: patient, answer, criterion, asking.

-- How each top-level criterion stands for each patient.
CREATE OR REPLACE TEMP TABLE c_top AS
SELECT
    answer.patient_key,
    criterion.place,
    answer.status,
    answer.status = CASE criterion.polarity WHEN 'inclusion' THEN 'not met' ELSE 'met' END AS against,
    answer.status IN ('unknown', 'conflict') AS unsettled
FROM answer
JOIN criterion ON criterion.criterion = answer.criterion
WHERE criterion.top;

CREATE OR REPLACE TEMP TABLE c_patient AS
SELECT
    patient_key,
    COUNT(*) FILTER (WHERE against) AS against,
    MIN(place) FILTER (WHERE against) AS first_against,
    COUNT(*) FILTER (WHERE unsettled) AS unsettled,
    MIN(place) FILTER (WHERE unsettled) AS first_unsettled
FROM c_top
GROUP BY patient_key;

-- In the order of the record, and without any order.
CREATE OR REPLACE TEMP TABLE c_attrition AS
SELECT
    top.place,
    COUNT(*) FILTER (WHERE top.status = 'met') AS met,
    COUNT(*) FILTER (WHERE top.status = 'not met') AS not_met,
    COUNT(*) FILTER (WHERE top.status = 'unknown') AS unknown,
    COUNT(*) FILTER (WHERE top.status = 'conflict') AS conflict,
    COUNT(*) FILTER (WHERE top.against) AS against,
    COUNT(*) FILTER (WHERE top.against AND patient.first_against = top.place) AS falls_here,
    COUNT(*) FILTER (WHERE top.against AND patient.against = 1) AS only_this,
    COUNT(*) FILTER (WHERE top.unsettled AND patient.unsettled = 1 AND patient.against = 0) AS only_unsettled
FROM c_top AS top
JOIN c_patient AS patient ON patient.patient_key = top.patient_key
GROUP BY top.place;

-- What is asked for: an item counts where its criterion and all above it are unknown, which is what would be asked of a
-- single patient too. Patients who lack the same items are counted together.
CREATE OR REPLACE TEMP TABLE c_item AS
SELECT answer.patient_key, asking.item, MIN(asking.top) AS top
FROM answer
JOIN asking ON asking.criterion = answer.criterion
JOIN patient ON patient.patient_key = answer.patient_key AND patient.verdict = 'undetermined'
WHERE answer.status = 'unknown'
GROUP BY answer.patient_key, asking.item
HAVING COUNT(*) = MIN(asking.needed);

-- A criterion that is unknown although none of its parts asks for anything is asked for itself.
INSERT INTO c_item
SELECT top.patient_key, criterion.criterion, criterion.criterion
FROM c_top AS top
JOIN criterion ON criterion.place = top.place
JOIN patient ON patient.patient_key = top.patient_key AND patient.verdict = 'undetermined'
LEFT JOIN c_item AS item ON item.patient_key = top.patient_key AND item.top = criterion.criterion
WHERE top.status = 'unknown' AND item.item IS NULL;

-- A record that cannot be trusted, or that contradicts itself, is not settled by more data.
CREATE OR REPLACE TEMP TABLE c_pattern AS
SELECT lacking.items, COUNT(*) AS patients, COUNT(*) FILTER (WHERE patient.trusted AND conflict.patient_key IS NULL) AS settled
FROM (SELECT patient_key, LIST(item ORDER BY item) AS items FROM c_item GROUP BY patient_key) AS lacking
JOIN patient ON patient.patient_key = lacking.patient_key
LEFT JOIN (SELECT DISTINCT patient_key FROM c_top WHERE status = 'conflict') AS conflict
    ON conflict.patient_key = lacking.patient_key
GROUP BY lacking.items;
