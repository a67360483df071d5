#!/usr/bin/env bash
# The program compiles for Windows and macOS, C code included (zig has their headers). What it
# prints there is compared by scripts/elsewhere. Usage: targets.sh (takes no notice of a BINARY)
set -euo pipefail
# shellcheck source=tests/consumers/shared/tools.bash
. "$(dirname "$0")/shared/tools.bash"

cd "$root"
pip_tools ziglang cargo-zigbuild
targets=()
for target in x86_64-pc-windows-gnu aarch64-apple-darwin; do
    if rustup target add "$target" >"$root/target/rustup.log" 2>&1; then
        targets+=(--target "$target")
    else
        echo "Rust's library for $target cannot be had: not compiled ($(tail -n 1 "$root/target/rustup.log"))"
    fi
done
[ ${#targets[@]} -eq 0 ] || PATH="$venv/bin:$PATH" cargo-zigbuild check --quiet --locked "${targets[@]}"
