#!/usr/bin/env bash
# The hooks, in pre-commit and prek, each installed the way its language says: a commit that
# adds a threat is stopped and shown it, old threats stop nobody, a helper's change is the
# model's. Usage: precommit.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
pip_tools pre-commit prek uv
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
# cargo's own folders stay where they are; what it builds here is cheap, and kept for the next time.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export CARGO_TARGET_DIR=$root/target/hooks CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off
export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_STRIP=none
export HOME="$work" PRE_COMMIT_HOME="$work/pre-commit" PREK_HOME="$work/prek"
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
mkdir "$work/bin" && ln -s "$binary" "$work/bin/tmrs"
own_path=$PATH
export PATH="$venv/bin:$PATH"
! command -v tmrs >/dev/null || echo "note: a tmrs is installed here; the hooks must not need it"

# The repository of the hooks: this one, as it is when its version is released. The release's
# wheel holds the program just built, and a service on this machine has it.
hooks=$work/hooks released=$work/released
mkdir "$hooks" "$released"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || cp --parents "$file" "$hooks"
done)
git -C "$hooks" init -q -b main && git -C "$hooks" add -A && git -C "$hooks" commit -q -m source
source_rev=$(git -C "$hooks" rev-parse HEAD)
wheel=$(python3 "$root/tests/consumers/shared/wheel.py" "$binary" "$(cat "$root/action/version.txt")" "$released")
(cd "$released" && sha256sum "$wheel") >>"$hooks/action/checksums.txt"
git -C "$hooks" commit -q -a -m release
rev=$(git -C "$hooks" rev-parse HEAD)
PYTHONUNBUFFERED=1 python3 -m http.server --bind 127.0.0.1 --directory "$released" 0 >"$work/served" 2>&1 &
server=$!
for _ in $(seq 50); do
    ! grep -q ' port ' "$work/served" || break
    sleep 0.1
done
port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/served")
export TMRS_DOWNLOAD_URL=http://127.0.0.1:$port

repo=$work/repo
mkdir -p "$repo/models"
cd "$repo"
git init -q -b main

# configure REV HOOK: the hook is the repository's; use: and that is committed.
configure() {
    printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n      - id: %s\n' "$hooks" "$1" "$2" >.pre-commit-config.yaml
}
use() { configure "$@" && git add -A && git commit -q --no-verify -m "hook $2"; }

# asking WORD…: what the runner is asked about, instead of the index.
ask=()
asking() { ask=("$@"); }

# expect STATUS WHAT RUNNER… [-- WORD…]: what the hooks say about the index, in each runner,
# and the words that must be in it. The index is as it was at the end.
expect() {
    local expected=$1 what=$2 runner runners=() status word
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do runners+=("$1") && shift; done
    [ $# -eq 0 ] || shift
    for runner in "${runners[@]}"; do
        status=0
        "$runner" run "${ask[@]}" >"$work/log" 2>&1 || status=$?
        if [ "$status" -ne "$expected" ]; then
            echo "$what: $runner ended with $status, and $expected was expected"
            cat "$work/log"
            exit 1
        fi
        for word in "$@"; do
            grep -qF -- "$word" "$work/log" || { echo "$what: $runner does not show $word" && cat "$work/log" && exit 1; }
        done
        echo "$what: as expected ($runner)"
    done
}
undo() { git reset -q --hard && git clean -qfd; }
bare() { printf 'tmrs: 1\nname: %s\nelements:\n  reader: {class: Actor, name: Reader}\n  web: {class: Server, name: Bare, protocol: HTTP}\ndata:\n  pages: {name: Pages}\nflows:\n  read: {source: reader, sink: web, name: Reads, data: [pages], protocol: HTTP}\n' "$1"; }

# scenarios RUNNER…: everything the hook must do.
scenarios() {
    echo "# the first" >>.pre-commit-config.yaml && git add -A
    expect 0 "a change of no model" "$@"
    undo
    echo "x = 1" >other.py && git add -A
    expect 0 "an ordinary change of Python" "$@"
    undo
    echo "# a comment" >>models/old.py && git add -A
    expect 0 "a model with $old old findings" "$@"
    undo
    sed -i 's/^        isEncrypted=True,$/        isEncrypted=False,/' models/common.py && git add -A
    expect 1 "a helper module that takes a control from models" "$@" -- models/checkout.py models/refunds.py
    undo
    echo "# a comment" >>models/common.py && git add -A
    expect 0 "a helper module that takes nothing" "$@"
    undo
    bare New >models/new.yaml && git add -A
    expect 1 "a model with new threats" "$@" -- Bare models/new.yaml
    rm models/new.yaml
    expect 1 "new threats in the index, whatever lies in the folder" "$@" -- Bare
    undo
    asking --all-files
    expect 1 "every file, whatever was there before" "$@" -- models/old.py
    bare New >models/new.yaml && git add -A && git commit -q --no-verify -m new
    asking --from-ref HEAD~1 --to-ref HEAD
    expect 1 "what lies between two revisions" "$@" -- Bare models/new.yaml
    asking
    git rm -q models/new.yaml
    expect 0 "a commit that only deletes a model" "$@"
    git reset -q --hard HEAD~1
    printf 'policy: {weakening: fail}\n' >tmrs.yaml && git add -A && git commit -q --no-verify -m policy
    git rm -q models/old.py
    expect 1 "a commit that only deletes a model, where policy forbids it" "$@" -- CHG14
    git reset -q --hard HEAD~1
}

# Before the first commit, when everything is new.
for runner in pre-commit prek; do
    configure "$rev" tmrs-system && bare New >models/new.yaml && git add -A
    PATH=$work/bin:$PATH expect 1 "the first commit" "$runner" -- Bare
    rm models/new.yaml && git add -A
    PATH=$work/bin:$PATH expect 0 "the first commit, of no model" "$runner"
done

# Two models with a helper module, and one with many old findings.
cp "$root"/examples/payments/*.py models/
cp "$root/tests/models/insurer_unprotected.py" models/old.py
old=$("$binary" check models/old.py --format json 2>/dev/null | python3 -c 'import json, sys; print(json.load(sys.stdin)["summary"]["byStatus"]["new"])' || true)
[ "$old" -ge 98 ] || { echo "the old model has only $old findings" && exit 1; }

echo "# tmrs-system: the program on the PATH"
use "$rev" tmrs-system
PATH=$work/bin:$venv/bin:$own_path
scenarios pre-commit prek

echo "# tmrs: the wheel of the release, without cargo"
use "$rev" tmrs
PATH=$venv/bin:/usr/bin:/bin
! command -v cargo >/dev/null || echo "note: a cargo is installed beside git; it must not be needed"
scenarios pre-commit prek
PATH=$venv/bin:$own_path
grep -q "GET /$wheel" "$work/served" || { echo "the release's wheel was not fetched" && exit 1; }

echo "# tmrs-all: every model at every commit"
use "$rev" tmrs-all
echo "# the first" >>.pre-commit-config.yaml && git add -A
expect 1 "a change of no model" pre-commit prek -- models/old.py
undo

echo "# tmrs-baseline: the baseline that is committed has nothing stale"
use "$rev" tmrs-baseline
"$binary" baseline update >/dev/null && git add -A && git commit -q --no-verify -m baseline
echo "# a comment" >>models/checkout.py && git add -A
expect 0 "a baseline that is true" pre-commit prek
git rm -q --cached models/old.py && rm models/old.py
expect 1 "a baseline with stale entries" pre-commit prek -- stale
undo

# From source, as where no release is: with maturin, and with cargo.
for hook in tmrs tmrs-rust; do
    echo "# $hook: from source"
    use "$source_rev" "$hook"
    echo "# a comment" >>models/common.py && git add -A
    expect 0 "a helper module that takes nothing" pre-commit
    bare New >models/new.yaml && git add -A
    expect 1 "a model with new threats" pre-commit -- Bare
    undo
done

# The same by the command that people try hooks with.
PATH=$work/bin:$venv/bin:$own_path
bare New >models/new.yaml && git add -A
for runner in pre-commit prek; do
    for hook in tmrs tmrs-system; do
        status=0
        "$runner" try-repo "$hooks" "$hook" --all-files >"$work/log" 2>&1 || status=$?
        if [ "$status" -ne 1 ] || ! grep -q Bare "$work/log"; then
            echo "$runner try-repo $hook ended with $status" && cat "$work/log" && exit 1
        fi
        echo "$runner try-repo $hook: as expected"
    done
done

# What it costs.
"$root/scripts/bench-start" "$binary" --limits
