#!/usr/bin/env bash
# A release, as far as it goes on one machine: versions move together, archives have the names
# and checksums that the action asks for, the draft holds all of it. Usage: release.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
pip_tools pyyaml 'cyclonedx-python-lib[json-validation]'
cd "$root/tests/consumers/action"
export PYTHONPATH="$root/tests/consumers/shared" PATH="$venv/bin:$PATH" TMRS_UNDER_TEST="$binary" PYTHONDONTWRITEBYTECODE=1
"$venv/bin/python" -m unittest --failfast test_release
