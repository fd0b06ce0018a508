-- How every patient stands towards every profile: trials whose criteria are decided by the same classes.
--
-- m_profile(profile, criterion, polarity, nature) lists these classes; nature is 'lacking' (data settle it), 'attested' or
-- 'unread' (it, or a part of it, is not put in logic). m_bare(profile, bare) counts the criteria that no class decides.
CREATE OR REPLACE TABLE m_decided AS
SELECT
    answer.patient,
    wanted.profile,
    COUNT(*) FILTER (WHERE CASE wanted.polarity WHEN 'inclusion' THEN answer.refuted AND NOT answer.met
                                                ELSE answer.met AND NOT answer.refuted END) AS against,
    COUNT(*) FILTER (WHERE CASE wanted.polarity WHEN 'inclusion' THEN answer.met AND NOT answer.refuted
                                                ELSE answer.refuted AND NOT answer.met END) AS favourable,
    COUNT(*) FILTER (WHERE answer.met AND answer.refuted OR NOT answer.met AND NOT answer.refuted
                           AND wanted.nature = 'lacking') AS lacking,
    COUNT(*) FILTER (WHERE NOT answer.met AND NOT answer.refuted AND wanted.nature = 'attested') AS attested,
    COUNT(*) FILTER (WHERE NOT answer.met AND NOT answer.refuted AND wanted.nature = 'unread') AS unread
FROM answer
JOIN m_profile AS wanted ON wanted.criterion = answer.criterion
GROUP BY answer.patient, wanted.profile;

CREATE OR REPLACE TABLE m_standing AS
SELECT
    counted.*,
    CASE WHEN counted.against > 0 THEN 'not eligible'
         WHEN counted.lacking + counted.attested + counted.unread > 0 OR NOT counted.trusted
              OR counted.favourable = 0 THEN 'undetermined'
         ELSE 'eligible' END AS verdict
FROM (
    SELECT
        named.patient,
        untrusted.patient IS NULL AS trusted,
        bare.profile,
        COALESCE(decided.against, 0) AS against,
        COALESCE(decided.favourable, 0) AS favourable,
        COALESCE(decided.lacking, 0) AS lacking,
        COALESCE(decided.attested, 0) AS attested,
        COALESCE(decided.unread, 0) + bare.bare AS unread
    FROM m_patient AS named
    CROSS JOIN m_bare AS bare
    LEFT JOIN m_decided AS decided ON decided.patient = named.patient_key AND decided.profile = bare.profile
    LEFT JOIN m_untrusted AS untrusted ON untrusted.patient = named.patient_key
) AS counted;
