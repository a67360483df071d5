#!/usr/bin/env bash
# The packages, made of the program just built, installed into clean environments, print what
# the program prints. Usage: packages.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
failed=0

# check NAME COMMAND…: the same output and status as the program's on the example.
expected=$("$binary" check examples/blog 2>&1) || expected_status=$?
check() {
    local name=$1 said status=0
    shift
    said=$("$@" check examples/blog 2>&1) || status=$?
    if [ "$said" = "$expected" ] && [ "$status" = "${expected_status:-0}" ]; then
        echo "$name: the same output"
    else
        echo "$name: another output (status $status)"
        diff <(echo "$expected") <(echo "$said") | head -n 20
        failed=1
    fi
}

size=$(stat -c %s "$binary" 2>/dev/null || stat -f %z "$binary")
[ "$size" -lt 8388608 ] || { echo "the program has $size bytes, over 8 MB" && failed=1; }

# The release archive, with completions and man page.
target=$(rustc -vV | sed -n 's/^host: //p')
archive=$(scripts/archive "$(dirname "$binary")" "$target" "$work")
tar -xzf "$archive" -C "$work"
check archive "$work"/tmrs-*/tmrs
for file in tmrs.1 completions/tmrs.bash completions/tmrs.zsh completions/tmrs.fish; do
    ls "$work"/tmrs-*/"$file" >/dev/null || failed=1
done
bash -n "$work"/tmrs-*/completions/tmrs.bash || failed=1

# npm: both packages, from files.
if command -v npm >/dev/null; then
    npm/build "$(dirname "$binary")" "$target" "$work/npm" >/dev/null
    mkdir "$work/project"
    (cd "$work/project" && npm install --silent --offline --no-audit --no-fund --omit=optional --prefix . "$work"/npm/*.tgz) || failed=1
    check npm "$work/project/node_modules/.bin/tmrs"
else
    echo "npm is not installed: its package was not checked" && failed=1
fi

# The wheel, from the objects of the release build.
if pip_tools maturin; then
    PATH="$venv/bin:$PATH" maturin build --quiet --release --locked --out "$work/wheel"
    python3 -m venv "$work/venv"
    "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index "$work"/wheel/*.whl
    check wheel "$work/venv/bin/tmrs"
else
    failed=1
fi

# The crate holds all that it needs to be built.
cargo package --list --allow-dirty >"$work/files"
for file in Cargo.toml build.rs README.md LICENSE-MIT LICENSE-APACHE src/main.rs; do
    grep -qx "$file" "$work/files" || { echo "the crate lacks $file" && failed=1; }
done
if ! cargo publish --dry-run --locked --allow-dirty --no-verify --quiet 2>"$work/publish.log"; then
    cat "$work/publish.log" && failed=1
fi
exit "$failed"
