#!/usr/bin/env bash
# Templates in pytm's language: what the command makes of them, and what real pytm
# does, from PyPI, of the same models with the same threats.
#
#   tests/consumers/templates.sh [TMRS]      (default: target/debug/tmrs)
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "${1:-$root/target/debug/tmrs}")
pip_tools pytm==1.4.0
exec "$venv/bin/python" "$root/tests/consumers/templates.py" "$binary"
