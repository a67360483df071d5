#!/usr/bin/env bash
# Pictures, measured where they are shown: no text stands on a line or a box of others, and
# Chromium and librsvg paint the same. Every example, and made-up models of 120 elements.
#
#   tests/consumers/pictures.sh TMRS [OUT]
#
# Needs Debian's chromium and librsvg2-bin; Pillow comes from PyPI. OUT keeps the pictures.
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

tmrs=$(absolute "$1")
out=${2:-$(mktemp -d)}
[ $# -gt 1 ] || trap 'rm -rf "$out"' EXIT
for program in chromium rsvg-convert; do
    command -v "$program" >/dev/null || { echo "$program is not installed: pictures were not measured" && exit 1; }
done
pip_tools pillow
cd "$root"
# Every example that is a model, as check finds them.
mapfile -t models < <("$tmrs" check examples --format json --fail-on never | "$venv/bin/python" -c \
    'import json, sys; print(*sorted({model["path"] for model in json.load(sys.stdin)["models"]}), sep="\n")')
[ ${#models[@]} -ge 7 ] || { echo "only ${#models[@]} examples were found" && exit 1; }
exec "$venv/bin/python" tests/consumers/pictures.py "$tmrs" "$out" "${models[@]}"
