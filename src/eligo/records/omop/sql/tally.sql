-- How many rows became facts, were passed over or could not be read, and why, with the first of them.
SELECT
    CASE WHEN rejected IS NOT NULL THEN 'rejected' WHEN ignored IS NOT NULL THEN 'ignored' ELSE 'read' END AS outcome,
    COALESCE(rejected, ignored, '') AS reason,
    COUNT(*) AS number,
    list_sort(array_agg(row ORDER BY row))[1:3] AS first_rows
FROM mapped_$table
GROUP BY ALL
UNION ALL
SELECT 'doubtful', remark, COUNT(*), list_sort(array_agg(row ORDER BY row))[1:3]
FROM (SELECT row, unnest(remarks) AS remark FROM mapped_$table WHERE rejected IS NULL AND ignored IS NULL) AS noted
GROUP BY remark
ORDER BY ALL;
