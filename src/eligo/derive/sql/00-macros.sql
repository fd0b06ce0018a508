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

-- A product of integers that are not negative, or NULL where it would not fit in 128 bits.
CREATE OR REPLACE MACRO product(a, b) AS
    CASE WHEN CAST(a AS DOUBLE) * CAST(b AS DOUBLE) < 1e37
         THEN CAST(a AS HUGEINT) * CAST(b AS HUGEINT) END;

-- Amounts are kept as integers of "grains": billionths divided by 6486480 = 2^4 3^4 5 7 11 13, so that
-- thirds, sevenths, ninths and the like stay whole and sums over several drugs end in one division.
CREATE OR REPLACE MACRO grains() AS CAST(6486480 AS HUGEINT);

-- An amount that is not negative times a ratio. A lower bound that cannot be computed is 0; an upper
-- bound that cannot be computed or is out of all measure is NULL: unbounded.
CREATE OR REPLACE MACRO scale_low(amount, num, den) AS
    CASE WHEN amount IS NULL OR product(amount, num) IS NULL THEN CAST(0 AS HUGEINT)
         ELSE LEAST(product(amount, num) // CAST(den AS HUGEINT),
                    CAST(1000000000000000000000000000000000 AS HUGEINT)) END;

CREATE OR REPLACE MACRO scale_high(amount, num, den) AS
    CASE WHEN amount = 0 THEN CAST(0 AS HUGEINT)
         WHEN div_ceil(product(amount, num), den) <= CAST(1000000000000000000000000000000000 AS HUGEINT)
         THEN div_ceil(product(amount, num), den) END;

-- Integer square roots, rounded down and up, from a guess in double precision. (The guess is a column of
-- its own, since a macro repeats its arguments.)
CREATE OR REPLACE MACRO root_guess(n) AS CAST(FLOOR(SQRT(CAST(n AS DOUBLE))) AS HUGEINT);

CREATE OR REPLACE MACRO root_floor(n, guess) AS
    CASE WHEN guess * guess > n THEN guess - 1
         WHEN (guess + 1) * (guess + 1) <= n THEN guess + 1
         ELSE guess END;

CREATE OR REPLACE MACRO root_ceil(n, guess) AS
    CASE WHEN guess * guess < n THEN CASE WHEN (guess + 1) * (guess + 1) < n THEN guess + 2 ELSE guess + 1 END
         WHEN (guess - 1) * (guess - 1) >= n THEN guess - 1
         ELSE guess END;

-- Whole days from one date to a later one.
CREATE OR REPLACE MACRO days_between(earlier, later) AS date_diff('day', earlier, later);

-- A date moved by whole days.
CREATE OR REPLACE MACRO plus_days(day, n) AS CAST(day + CAST(n AS INTEGER) AS DATE);
