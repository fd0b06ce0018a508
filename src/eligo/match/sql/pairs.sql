-- One row for each patient and trial.
SELECT
    standing.patient, trial.trial, standing.verdict, standing.trusted,
    standing.against, standing.lacking, standing.attested, standing.unread, standing.favourable
FROM m_standing AS standing
JOIN m_trial AS trial ON trial.profile = standing.profile
ORDER BY standing.patient, trial.trial
