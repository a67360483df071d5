#!/usr/bin/env bash
# The container image, made of a program for musl as the release makes it (a cheap build): tools
# for images read it, its root file system alone runs, it is the same each time.
# Usage: image.sh BINARY
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

binary=$(absolute "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
failed=0
fail() { echo "$*" && failed=1; }

for program in bwrap umoci; do
    command -v "$program" >/dev/null || { echo "$program is not installed: the image was not checked" && exit 1; }
done
target=$(uname -m)-unknown-linux-musl
if ! rustup target add "$target" >"$work/log" 2>&1; then
    echo "Rust's library for $target cannot be had: the image was not checked" && tail -n 1 "$work/log" && exit 1
fi
pip_tools maturin ziglang
export PATH="$venv/bin:$PATH"
# Without what debuggers read: it is compressed twice.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_STRIP=symbols
folder=$(TMRS_PROFILE=dev scripts/build "$target" "$work/dist")
scripts/archive "$folder" "$target" "$work/dist" >/dev/null
image=$(scripts/image "$work/dist")
cp "$image" "$work/first" && scripts/image "$work/dist" >/dev/null
cmp "$image" "$work/first" || fail "the image is another one each time"

# umoci reads layouts strictly, and unpacks as a container engine does.
mkdir "$work/layout" && tar -xf "$image" -C "$work/layout"
version=$("$binary" --version | cut -d' ' -f2)
umoci unpack --rootless --image "$work/layout:$version" "$work/bundle" >/dev/null
rootfs=$work/bundle/rootfs
said=$(cd "$rootfs" && find . -type f | sort | tr '\n' ' ')
[ "$said" = "./etc/passwd ./usr/bin/tmrs ./usr/share/doc/LICENSE-APACHE ./usr/share/doc/LICENSE-MIT " ] ||
    fail "the image holds $said"
"$venv/bin/python" - "$work/bundle/config.json" <<'PYTHON' || failed=1
import json, sys
process = json.load(open(sys.argv[1]))["process"]
wrong = [] if process["args"] == ["/usr/bin/tmrs"] and process["cwd"] == "/work" else [process["args"], process["cwd"]]
wrong += [process["user"]] if process["user"]["uid"] == 0 else []
sys.exit(f"the image runs {wrong}" if wrong else 0)
PYTHON

# run UID ARGUMENTS…: in the image's file system and nothing else, the repository at /work.
run() {
    local uid=$1
    shift
    bwrap --unshare-all --uid "$uid" --gid "$uid" --clearenv --setenv PATH /usr/bin --bind "$rootfs" / --proc /proc \
        --ro-bind "$work/repo" /work --chdir /work /usr/bin/tmrs "$@"
}
mkdir "$work/repo" && cp -R examples "$work/repo/" && git -C "$work/repo" init -q && git -C "$work/repo" add -A
expected_status=0 status=0
expected=$(cd "$work/repo" && "$binary" check examples/blog 2>&1) || expected_status=$?
for uid in "$(id -u)" 65532; do
    status=0
    said=$(run "$uid" check examples/blog 2>&1) || status=$?
    if [ "$said" = "$expected" ] && [ "$status" = "$expected_status" ]; then
        echo "image, as user $uid: the same output"
    else
        fail "image, as user $uid: another output (status $status)"
        diff <(echo "$expected") <(echo "$said") | head -n 20
    fi
done
# A template is rendered by a second process of the program, which must find itself.
printf '{{ tm.name }}\n' >"$work/repo/page.md"
run 65532 report examples/blog --template page.md >"$work/page" 2>&1 || { fail "the image renders no template" && cat "$work/page"; }
exit "$failed"
