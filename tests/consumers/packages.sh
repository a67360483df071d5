#!/usr/bin/env bash
# The packages, made of the program that is released, installed into clean environments, print
# what the program prints. Usage: packages.sh BINARY; TMRS_PROFILE=dev makes them of a cheap
# build, to try the way.
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
failed=0
fail() { echo "$*" && failed=1; }

# The program and its wheel. Where .ci/run has built them, nothing is compiled again.
target=$(rustc -vV | sed -n 's/^host: //p')
pip_tools maturin ziglang
export PATH="$venv/bin:$PATH"
folder=$(scripts/build "$target" "$work/dist")
program=$(absolute "$folder/tmrs")

# check NAME COMMAND…: the same output and status as the program's on the example.
expected_status=0
expected=$("$binary" check examples/blog 2>&1) || expected_status=$?
check() {
    local name=$1 said status=0
    shift
    said=$("$@" check examples/blog 2>&1) || status=$?
    if [ "$said" = "$expected" ] && [ "$status" = "$expected_status" ]; then
        echo "$name: the same output"
    else
        fail "$name: another output (status $status)"
        diff <(echo "$expected") <(echo "$said") | head -n 20
    fi
}
check program "$program"

size=$(stat -c %s "$program" 2>/dev/null || stat -f %z "$program")
if [ "${TMRS_PROFILE:-release}" = release ]; then
    echo "size: $size bytes"
    [ "$size" -lt 12582912 ] || fail "the program has $size bytes, over 12 MB"
fi

# What the program asks of the system's C library: nothing, or glibc 2.17.
glibc=$(readelf --version-info --wide "$program" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1 || true)
echo "C library: ${glibc:-static}"
[ -z "$glibc" ] || [ "$(printf '%s\nGLIBC_2.17\n' "$glibc" | sort -V | tail -n 1)" = GLIBC_2.17 ] || fail "the program needs $glibc"
others=$(readelf --dynamic --wide "$program" | sed -n 's/.*Shared library: \[\(.*\)\]/\1/p' |
    grep -vE '^(libc|libm|libpthread|libdl|librt|libgcc_s|ld-linux-[a-z0-9_-]+)\.so\.[0-9]$' || true)
[ -z "$others" ] || fail "the program needs $others"

# same NAME FILE: that every package holds the program that was built.
same() { cmp -s "$program" "$2" || fail "$1 holds another program"; }

# The release archive, with completions and man page; made twice it is the same.
archive=$(scripts/archive "$folder" "$target" "$work/dist")
cp "$archive" "$work/first" && scripts/archive "$folder" "$target" "$work/dist" >/dev/null
cmp "$archive" "$work/first" || fail "the archive is another one each time"
tar -xzf "$archive" -C "$work"
check archive "$work"/tmrs-*/tmrs
same archive "$work"/tmrs-*/tmrs
for file in tmrs.1 man/tmrs-check.1 man/tmrs-rules-explain.1 LICENSE-MIT LICENSE-APACHE README.md completions/tmrs.bash completions/tmrs.zsh completions/tmrs.fish; do
    [ -s "$(echo "$work"/tmrs-*/"$file")" ] || fail "the archive lacks $file"
done
bash -n "$work"/tmrs-*/completions/tmrs.bash || failed=1

# npm: both packages, from files.
if command -v npm >/dev/null; then
    npm/build "$folder" "$target" "$work/npm" >/dev/null
    mkdir "$work/project"
    (cd "$work/project" && npm install --silent --offline --no-audit --no-fund --omit=optional --prefix . "$work"/npm/*.tgz) || failed=1
    check npm "$work/project/node_modules/.bin/tmrs"
    same npm "$work"/project/node_modules/tmrs-cli-*/bin/tmrs
    for file in tmrs.1 LICENSE-MIT README.md completions/tmrs.bash; do
        [ -s "$work/project/node_modules/tmrs-cli/$file" ] || fail "the npm package lacks $file"
    done
    for file in LICENSE-MIT LICENSE-APACHE; do
        [ -s "$(echo "$work"/project/node_modules/tmrs-cli-*/"$file")" ] || fail "the platform's npm package lacks $file"
    done
    # Without the package of this system the reason is said.
    rm -r "$work"/project/node_modules/tmrs-cli-*
    status=0
    "$work/project/node_modules/.bin/tmrs" 2>"$work/log" || status=$?
    if [ "$status" -ne 2 ] || ! grep -q 'is not installed' "$work/log"; then fail "npm: a missing platform package is not said"; fi
else
    fail "npm is not installed: its package was not checked"
fi

# The wheel, into an environment that has nothing else and no way to get it.
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index "$work"/dist/*.whl
check wheel "$work/venv/bin/tmrs"
same wheel "$work/venv/bin/tmrs"
case $target in *-linux-gnu)
    case $(ls "$work/dist") in *manylinux2014*) ;; *) fail "the wheel is not for manylinux2014: $(ls "$work/dist")" ;; esac
esac
for file in man/man1/tmrs.1 man/man1/tmrs-check.1 bash-completion/completions/tmrs zsh/site-functions/_tmrs fish/vendor_completions.d/tmrs.fish; do
    [ -s "$work/venv/share/$file" ] || fail "the wheel lacks share/$file"
done

# The crate holds all that it needs to be built.
cargo package --list --allow-dirty >"$work/files"
for file in Cargo.toml build.rs README.md LICENSE-MIT LICENSE-APACHE src/main.rs; do
    grep -qx "$file" "$work/files" || fail "the crate lacks $file"
done
if ! cargo publish --dry-run --locked --allow-dirty --no-verify --quiet 2>"$work/publish.log"; then
    cat "$work/publish.log" && failed=1
fi
exit "$failed"
