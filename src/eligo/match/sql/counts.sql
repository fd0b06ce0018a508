-- How many patients stand how towards each profile.
SELECT
    profile,
    COUNT(*) FILTER (WHERE verdict = 'eligible') AS eligible,
    COUNT(*) FILTER (WHERE verdict = 'undetermined') AS undetermined,
    COUNT(*) FILTER (WHERE verdict = 'not eligible') AS not_eligible,
    COUNT(*) FILTER (WHERE verdict = 'undetermined' AND trusted AND lacking + attested = 0) AS unread_only,
    COUNT(*) FILTER (WHERE against = 1) AS near_miss
FROM m_standing
GROUP BY profile
