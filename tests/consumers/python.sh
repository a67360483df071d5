#!/usr/bin/env bash
# Generated models that turn on a detail of Python: tmrs finds what real Python and pytm,
# from PyPI, find, or refuses the model. The answers that tests/traps has recorded are
# compared with those of the same pytm. Nothing that this makes stays in the repository.
#
#   tests/consumers/python.sh [TMRS] [OPTION…]      (default: target/debug/tmrs; options: see python/judge.py)
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "${1:-$root/target/debug/tmrs}")
pip_tools pytm==1.4.0 pyyaml
"$venv/bin/python" -B "$root/tests/consumers/python/traps.py"
# The order in which Python meets names decides which models are generated.
export PYTHONHASHSEED=0
exec "$venv/bin/python" -B "$root/tests/consumers/python/judge.py" "$binary" "${@:2}"
