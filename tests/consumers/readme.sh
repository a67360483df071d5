#!/usr/bin/env bash
# The README's commands for a user's repository, line by line, in such a repository: each must
# be understood and end with the gate's answer. Usage: readme.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/repo/services/pay" "$work/repo/security"
ln -s "$binary" "$work/bin/tmrs"
export PATH="$work/bin:$PATH"
cd "$work/repo"
cp "$root/examples/comments/tm.py" services/pay/tm.py
cat >security/threats.json <<'JSON'
[{"SID": "OWN1", "target": ["Server"], "description": "Own", "details": "", "Likelihood Of Attack": "High",
  "severity": "High", "condition": "target.inScope is False", "prerequisites": "", "mitigations": "", "example": "",
  "references": ""}]
JSON
git init -q .

lines=0
while IFS= read -r line; do
    status=0
    bash -c "$line" >"$work/log" 2>&1 || status=$?
    [ "$status" -le 1 ] || { echo "$line: ended with $status" && cat "$work/log" && exit 1; }
    echo "$line: $status"
    lines=$((lines + 1))
done < <(sed -n '/^## In your repository$/,/^## /p' "$root/README.md" | sed -n '/^```sh$/,/^```$/p' | sed '/^```/d; s/  *#.*//; /^$/d')
[ "$lines" -ge 5 ] || { echo "only $lines lines were found in the README" && exit 1; }
