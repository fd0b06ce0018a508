-- What codes without a concept are and can be.
SELECT concept, kind, TRUE AS surely FROM v_below WHERE concept LIKE 'urn:eligo:unmapped:%'
UNION ALL
SELECT concept, kind, FALSE FROM v_can_be
WHERE concept LIKE 'urn:eligo:unmapped:%' AND (kind = concept OR kind IN (SELECT kind FROM t_kind))
ORDER BY ALL
