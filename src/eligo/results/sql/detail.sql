-- What each criterion rests on: measure or fact, its value, the threshold, and how far inside (above zero) or outside
-- (below zero) the value lies. "decides": it is a reason for the status; the others came nearest, or decided nothing.
SELECT
    detail.patient AS patient_key, judged.criterion, detail.relation, detail.attribute,
    CASE WHEN detail.node <> detail.patient THEN detail.node END AS fact_key,
    detail.low, detail.high, detail.value,
    detail.minimum, detail.minimum_inclusive, detail.maximum, detail.maximum_inclusive, detail.wanted, detail.unit,
    detail.distance_low, detail.distance_high, detail.supports AS decides
FROM detail
JOIN r_judged AS judged ON judged.class = detail.criterion
WHERE judged.criterion IS NOT NULL
ORDER BY ALL
