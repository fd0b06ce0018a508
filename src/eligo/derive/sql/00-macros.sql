-- Shared macros: exact arithmetic on decimals, dates and anchors.
--
-- Numbers that are compared with a threshold are never floating point. A decimal with nine places is
-- turned into an integer of billionths ("nano"), integers are multiplied and added, and one division
-- at the very end is rounded outward: down for a lower bound, up for an upper bound.
-- NULL as an upper bound means "no upper bound", NULL as a lower bound "no lower bound".

-- A decimal as an integer of billionths.
CREATE OR REPLACE MACRO nano(x) AS
    CAST(CAST(x AS DECIMAL(38, 9)) * 1000000000 AS HUGEINT);

-- Quotients of integers, rounded down and up; the divisor is never zero.
CREATE OR REPLACE MACRO div_floor(a, b) AS
    CAST(a AS HUGEINT) // CAST(b AS HUGEINT)
    - CASE WHEN CAST(a AS HUGEINT) % CAST(b AS HUGEINT) <> 0 AND (a < 0) <> (b < 0) THEN 1 ELSE 0 END;

CREATE OR REPLACE MACRO div_ceil(a, b) AS
    CAST(a AS HUGEINT) // CAST(b AS HUGEINT)
    + CASE WHEN CAST(a AS HUGEINT) % CAST(b AS HUGEINT) <> 0 AND (a < 0) = (b < 0) THEN 1 ELSE 0 END;

-- An integer of billionths as a decimal bound; what does not fit is widened, never wrapped.
CREATE OR REPLACE MACRO as_low(n) AS
    CASE WHEN n IS NULL OR n < -999999999999999999 THEN NULL
         ELSE CAST(CAST(LEAST(CAST(n AS HUGEINT), 999999999999999999) AS DECIMAL(38, 0)) * 0.000000001
                   AS DECIMAL(18, 9)) END;

CREATE OR REPLACE MACRO as_high(n) AS
    CASE WHEN n IS NULL OR n > 999999999999999999 THEN NULL
         ELSE CAST(CAST(GREATEST(CAST(n AS HUGEINT), -999999999999999999) AS DECIMAL(38, 0)) * 0.000000001
                   AS DECIMAL(18, 9)) END;

-- A product of positive integers, or NULL where it would not fit in 128 bits.
CREATE OR REPLACE MACRO product(a, b) AS
    CASE WHEN CAST(a AS DOUBLE) * CAST(b AS DOUBLE) < 1e37
         THEN CAST(a AS HUGEINT) * CAST(b AS HUGEINT) END;

-- Whole days from one date to a later one.
CREATE OR REPLACE MACRO days_between(earlier, later) AS date_diff('day', earlier, later);

-- A date moved by whole days.
CREATE OR REPLACE MACRO plus_days(day, n) AS CAST(day + CAST(n AS INTEGER) AS DATE);
