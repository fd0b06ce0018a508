-- Persons: one with rows that contradict each other cannot be trusted at all.
CREATE OR REPLACE TABLE person AS
SELECT
    given.*,
    CASE WHEN shared.identifier IS NULL
              AND ROW_NUMBER() OVER (PARTITION BY given.content ORDER BY given.row) > 1
         THEN 'it repeats another row' END AS repeated,
    CASE WHEN given.person_id IS NULL THEN 'it has no person_id; give each person one'
         WHEN shared.identifier IS NOT NULL
             THEN 'several rows have its person_id and differ; keep the right one' END AS refused,
    minted_name('person:' || url_encode(given.person_id)) AS fact
FROM given
LEFT JOIN shared ON shared.identifier = given.person_id;
