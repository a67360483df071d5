#!/usr/bin/env bash
# The hooks, in pre-commit and prek: a commit that adds a threat is stopped and shown it,
# old threats stop nobody, a helper's change is the model's. Usage: precommit.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
pip_tools pre-commit prek
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$binary" "$work/bin/tmrs"
export PATH="$work/bin:$venv/bin:$PATH" HOME="$work" PRE_COMMIT_HOME="$work/pre-commit" PREK_HOME="$work/prek"
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

# The hooks as a repository of their own. The language of `tmrs` and `tmrs-baseline` is python,
# whose environment is built with maturin and cargo; here they take the program just built.
hooks=$work/hooks
mkdir "$hooks"
sed 's/^  language: python$/  language: system/' "$root/.pre-commit-hooks.yaml" >"$hooks/.pre-commit-hooks.yaml"
git -C "$hooks" init -q -b main && git -C "$hooks" add -A && git -C "$hooks" commit -q -m hooks
rev=$(git -C "$hooks" rev-parse HEAD)

repo=$work/repo
mkdir -p "$repo/models"
cd "$repo"
git init -q -b main
cp "$root"/examples/payments/*.py models/
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $hooks
    rev: $rev
    hooks:
      - id: tmrs-system
YAML
git add -A && git commit -q -m models

# expect STATUS WHAT: what the hooks say about the index, in both programs.
expect() {
    local runner status
    for runner in pre-commit prek; do
        status=0
        "$runner" run >"$work/log" 2>&1 || status=$?
        if [ "$status" -ne "$1" ]; then
            echo "$2: $runner ended with $status, and $1 was expected"
            cat "$work/log"
            exit 1
        fi
    done
    echo "$2: as expected"
}

echo "x = 1" >other.py && git add -A
expect 0 "an ordinary change of Python"
echo "# a comment" >>models/checkout.py && git add -A
expect 0 "a model with old threats"
printf 'tmrs: 1\nname: New\nelements:\n  reader: {class: Actor, name: Reader}\n  web: {class: Server, name: Bare, protocol: HTTP}\nflows:\n  read: {source: reader, sink: web, name: Reads, protocol: HTTP}\n' >models/new.yaml && git add -A
expect 1 "a model with new threats"
grep -q Bare "$work/log" || { echo "the finding is not shown" && cat "$work/log" && exit 1; }
git rm -q -f --cached models/new.yaml && rm models/new.yaml

# The other hooks, as try-repo starts them.
tmrs baseline update >/dev/null && git add -A && git commit -q -m baseline
for hook in tmrs tmrs-baseline; do
    status=0
    pre-commit try-repo "$hooks" "$hook" --all-files >"$work/log" 2>&1 || status=$?
    [ "$status" -eq 0 ] || { echo "$hook ended with $status" && cat "$work/log" && exit 1; }
    echo "$hook: as expected"
done
