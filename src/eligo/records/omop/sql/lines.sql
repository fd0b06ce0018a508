-- Everything that the rows of a table say, one text for each row.
SELECT CONCAT_WS(CHR(10), $lines)
FROM (
    SELECT *, '<' || fact || '>' AS subject, SUBSTR(fact, LENGTH(minted_name('')) + 1) AS local
    FROM mapped_$table
    WHERE $chosen
) AS said;
