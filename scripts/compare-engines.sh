#!/usr/bin/env sh
# Do other SHACL engines give the same answers? All cases of all trials, or the patients that are named; see --help.
set -eu
PYTHONPATH="$(dirname "$0")/../src:$(dirname "$0")/../tests${PYTHONPATH:+:$PYTHONPATH}"
export PYTHONPATH
exec python -m agreement.compare_engines "$@"
