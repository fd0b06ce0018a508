--+ summary: How values of the common data model are read, and how terms of the record are written.
--+ tags: importer, omop

-- Columns as text, in one form whatever file they come from: CSV, Parquet and DuckDB give the same record.

-- Text; an empty column and the NULL of a database dump are absent.
CREATE OR REPLACE MACRO cdm_text(written) AS NULLIF(NULLIF(TRIM(written), ''), '\N');

-- The spellings of "absent" of other software, which no number, date or identifier is.
CREATE OR REPLACE MACRO cdm_present(written) AS
    CASE WHEN UPPER(cdm_text(written)) IN ('NULL', 'NA', 'NAN', 'NAT', '<NA>') THEN NULL ELSE cdm_text(written) END;

-- Whole numbers that name something; some software writes them as 123.0. (Each macro begins with the plain case,
-- for speed.)
CREATE OR REPLACE MACRO cdm_identifier(written) AS
    CASE WHEN written IS NULL THEN NULL
         WHEN CAST(TRY_CAST(written AS BIGINT) AS VARCHAR) = written THEN written
         WHEN regexp_full_match(TRIM(written), '[0-9]+([.]0*)?')
             THEN COALESCE(NULLIF(LTRIM(SPLIT_PART(TRIM(written), '.', 1), '0'), ''), '0')
         ELSE cdm_present(written) END;

-- Days: the time of day is dropped; what is no date stays as it was written.
CREATE OR REPLACE MACRO cdm_date(written) AS
    CASE WHEN written IS NULL THEN NULL
         WHEN CAST(TRY_CAST(written AS DATE) AS VARCHAR) = written THEN written
         WHEN regexp_full_match(TRIM(written), '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?') THEN SUBSTR(TRIM(written), 1, 10)
         WHEN regexp_full_match(TRIM(written), '[0-9]{8}')
             THEN SUBSTR(TRIM(written), 1, 4) || '-' || SUBSTR(TRIM(written), 5, 2) || '-' || SUBSTR(TRIM(written), 7, 2)
         ELSE cdm_present(written) END;

-- Decimals without zeros that say nothing; what is no number stays as it was written.
CREATE OR REPLACE MACRO shortest_fraction(digits) AS
    CASE WHEN CONTAINS(digits, '.') THEN regexp_replace(regexp_replace(digits, '0+$', ''), '[.]$', '') ELSE digits END;

CREATE OR REPLACE MACRO shortest_number(digits) AS
    CASE WHEN regexp_full_match(digits, '[+-]?0*([.]0*)?') THEN '0'
         ELSE regexp_replace(
             regexp_replace(regexp_replace(shortest_fraction(digits), '^[+]', ''), '^(-?)0+([0-9])', '\1\2'),
             '^(-?)[.]', '\10.') END;

CREATE OR REPLACE MACRO cdm_number(written) AS
    CASE WHEN written IS NULL THEN NULL
         WHEN CAST(TRY_CAST(written AS BIGINT) AS VARCHAR) = written THEN written
         WHEN regexp_full_match(TRIM(written), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)') THEN shortest_number(TRIM(written))
         WHEN regexp_full_match(TRIM(written), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[eE][+-]?[0-9]+')
             THEN COALESCE(shortest_number(CAST(TRY_CAST(TRIM(written) AS DECIMAL(38, 15)) AS VARCHAR)), TRIM(written))
         ELSE cdm_present(written) END;

-- Whether a value was understood; an absent one is.
CREATE OR REPLACE MACRO is_day(day) AS
    day IS NULL OR (regexp_full_match(day, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(day AS DATE) IS NOT NULL);

CREATE OR REPLACE MACRO is_number(number) AS number IS NULL OR regexp_full_match(number, '-?[0-9]+([.][0-9]+)?');

-- A date and, only where it is absent, the time stamp beside it.
CREATE OR REPLACE MACRO day_or(day, stamp) AS COALESCE(day, stamp);

-- Terms as N-Triples writes them.
CREATE OR REPLACE MACRO literal(words) AS
    '"' || REPLACE(REPLACE(REPLACE(REPLACE(words, '\', '\\'), '"', '\"'), CHR(10), '\n'), CHR(13), '\r') || '"';

CREATE OR REPLACE MACRO typed(lexical, datatype) AS literal(lexical) || '^^' || xsd(datatype);

CREATE OR REPLACE MACRO day_literal(day) AS typed(day, 'date');

CREATE OR REPLACE MACRO decimal_literal(number) AS typed(number, 'decimal');

-- Identifier 0 is the model's word for "no matching concept".
CREATE OR REPLACE MACRO is_concept(identifier) AS COALESCE(identifier, '0') <> '0';

CREATE OR REPLACE MACRO concept_node(identifier) AS
    CASE WHEN is_concept(identifier) THEN minted('concept:' || url_encode(identifier)) END;

CREATE OR REPLACE MACRO source_node(written) AS minted('source-value:' || url_encode(written));

-- The codings of a fact: the standard and the source concept; the source's own value where no concept is
-- described; and where there is nothing at all, that nothing is stated, for such a fact could be of any kind.
CREATE OR REPLACE MACRO codings(standard, source, written, described) AS
    CASE WHEN is_concept(standard) OR is_concept(source)
             THEN list_distinct([concept_node(standard), concept_node(source),
                                 CASE WHEN NOT described THEN source_node(written) END])
         ELSE [COALESCE(source_node(written), minted('unstated'))] END;

-- Remarks and notes without those that do not apply.
CREATE OR REPLACE MACRO those(remarks) AS list_filter(remarks, lambda remark: remark IS NOT NULL);

CREATE OR REPLACE MACRO remark_unless(fine, words) AS CASE WHEN NOT fine THEN words END;

CREATE OR REPLACE MACRO ends_too_early(first_day, last_day) AS
    COALESCE(TRY_CAST(last_day AS DATE) < TRY_CAST(first_day AS DATE), FALSE);

-- A whole number of billionths as a decimal.
CREATE OR REPLACE MACRO billionths(amount) AS
    shortest_number(CAST(amount // 1000000000 AS VARCHAR) || '.'
                    || LPAD(CAST(amount % 1000000000 AS VARCHAR), 9, '0'));
