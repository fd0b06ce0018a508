-- The tables that the medication scripts read.
CREATE TABLE v_triple (subject VARCHAR, predicate VARCHAR, object VARCHAR);
CREATE TABLE v_below (concept VARCHAR, kind VARCHAR);
CREATE TABLE v_can_be (concept VARCHAR, kind VARCHAR);
CREATE TABLE v_unit (unit VARCHAR, canonical VARCHAR, num HUGEINT, den HUGEINT);
CREATE TABLE screening (
    patient VARCHAR, trial VARCHAR, evaluation DATE, screening DATE, enrolment DATE, intervention DATE
);
CREATE TABLE e_attribute (fact VARCHAR, property VARCHAR, value VARCHAR, datatype VARCHAR);
CREATE TABLE e_quantity (
    fact VARCHAR, property VARCHAR, value VARCHAR, low VARCHAR, high VARCHAR, comparator VARCHAR, unit VARCHAR
);
CREATE TABLE d_date (fact VARCHAR, property VARCHAR, low DATE, high DATE);
CREATE TABLE d_quantity (
    fact VARCHAR, property VARCHAR, low DECIMAL(18, 9), high DECIMAL(18, 9), unit VARCHAR
);
CREATE TABLE d_number (fact VARCHAR, property VARCHAR, low DECIMAL(18, 9), high DECIMAL(18, 9));
CREATE TABLE d_concept (fact VARCHAR, property VARCHAR, concept VARCHAR);
CREATE TABLE fact (
    patient VARCHAR, relation VARCHAR, fact VARCHAR, concept VARCHAR, start_low DATE, start_high DATE,
    end_low DATE, end_high DATE, status VARCHAR, verification VARCHAR, study VARCHAR, planned BOOLEAN,
    source VARCHAR
);
CREATE TABLE egfr_sample (
    patient VARCHAR, date DATE, low DECIMAL(18, 9), high DECIMAL(18, 9), fact VARCHAR, how VARCHAR,
    date_high DATE
);
