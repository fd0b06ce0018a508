-- Rows about persons. A fact is named by its table and row; where several rows share an identifier and differ, or
-- have none, by what they say too, so that neither order nor format change a name.
CREATE OR REPLACE TABLE $table AS
SELECT
    given.*,
    CASE WHEN ROW_NUMBER() OVER (PARTITION BY given.content ORDER BY given.row) > 1
         THEN 'it repeats another row' END AS repeated,
    CASE WHEN given.person_id IS NULL THEN 'it has no person_id; correct it'
         WHEN person.person_id IS NULL THEN 'no row of person has its person_id; add the person or correct it'
         WHEN person.refused THEN 'its person was rejected; mend that row first' END AS refused,
    minted_name('$table:' || COALESCE(url_encode(given.$key), '')
                || CASE WHEN given.$key IS NULL OR shared.identifier IS NOT NULL
                        THEN ':' || SUBSTR(given.content, 1, 12) ELSE '' END) AS fact
FROM given
LEFT JOIN shared ON shared.identifier = given.$key
LEFT JOIN (
    SELECT person_id, BOOL_OR(refused IS NOT NULL) AS refused FROM person GROUP BY person_id
) AS person ON person.person_id = given.person_id;
