#!/usr/bin/env sh
# The checks that take too long for every change: all cases through the whole of screening, many more random
# worlds and facts, and all bundles of real data (where ELIGO_DATA names their folder).
set -eu
cd "$(dirname "$0")/.."
export ELIGO_ALL_CASES=1 ELIGO_EXAMPLES="${ELIGO_EXAMPLES:-1000}"
exec python -m pytest -n auto tests/trials tests/agreement tests/derive "$@"
