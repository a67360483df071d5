#!/usr/bin/env bash
# The action setup/: the program alone, on the PATH of the steps that follow.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/say.sh
. "$here/say.sh"
# shellcheck source=action/settings.sh
. "$here/settings.sh"
# shellcheck source=action/binary.sh
. "$here/binary.sh"

temp=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
if command -v cygpath >/dev/null; then temp=$(cygpath -m "$temp"); fi
out=$(mktemp -d "$temp/tmrs.XXXXXXXX")
find_binary
dirname "$tmrs" >>"$GITHUB_PATH"
"$tmrs" --version
